import { defineConfig } from 'vitest/config'

// Packages resolve each other to their sources, so tests need no build.
const conditions = ['@lg/source', 'node', 'import', 'module', 'default']

// `pnpm test` sets it: every property test then runs 1,000 times instead of fast-check's own 100.
const full = process.env['LG_FULL'] === '1'

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['{packages,apps,internal}/*/test/**/*.test.ts', 'scripts/test/**/*.test.ts'],
    setupFiles: full ? ['scripts/full-runs.ts'] : [],
    tags: [
      { name: 'slow', description: 'Takes more than about two seconds; `pnpm test:fast` leaves it out.' },
    ],
    retry: 0,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
})
