import { defineConfig } from 'vitest/config'

// Packages resolve each other to their sources, so tests need no build.
const conditions = ['@lg/source', 'node', 'import', 'module', 'default']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['{packages,apps,internal}/*/test/**/*.test.ts'],
    retry: 0,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
})
