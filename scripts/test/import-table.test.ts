import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { allowedImports, importTable, testingLibraries } from '../import-table.mjs'
import { importProblem } from '../lint/import-table-rule.mjs'
import { packagesIn, root, run } from '../workspace.mjs'

describe('the table', () => {
  it('has no cycle', () => {
    for (const folder of Object.keys(importTable))
      expect(allowedImports(folder).packages).not.toContain(folder)
  })

  it('lets what runs in browsers import only what runs in browsers', () => {
    const browser = Object.keys(importTable).filter((folder) => importTable[folder]?.browser)
    const imported = browser.flatMap((folder) => [...allowedImports(folder).packages])
    expect(imported.filter((folder) => !browser.includes(folder))).toEqual([])
  })

  it.each(packagesIn('packages'))(
    'has a row for $folder, and its package.json asks for no more',
    ({ folder, manifest }) => {
      const { packages, libraries } = allowedImports(folder)
      const allowed = [...[...packages].map((name) => `@lg/${name}`), ...libraries]
      const asked = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies })
      const forTypes = asked.filter((name) => name.startsWith('@types/'))
      expect(asked.filter((name) => !allowed.includes(name) && !forTypes.includes(name))).toEqual([])
      const peers = Object.keys(manifest.peerDependencies ?? {})
      expect(peers.filter((name) => !testingLibraries.includes(name) && !allowed.includes(name))).toEqual([])
    },
  )
})

describe('an import', () => {
  it.each([
    ['packages/filter/src/name.ts', '@lg/runtime', 'a package of its row'],
    ['packages/storage/src/list.ts', '@lg/runtime', 'a package of a row that its row names'],
    ['packages/storage/src/list.ts', 'yaml', 'a library of a row that its row names'],
    ['packages/storage-raw/src/directory.ts', 'node:fs/promises', 'Node, outside of browsers'],
    ['packages/serializer/src/node/index.ts', 'node:fs', "Node, in the sub-path 'node'"],
    ['packages/serializer/src/node/index.ts', '../frame.ts', "the main entry, from the sub-path 'node'"],
    ['packages/git/src/testing/index.ts', 'vitest', "the test runner, in the sub-path 'testing'"],
    ['packages/filter/test/name.test.ts', '@lg/test-kit', 'anything, in a test'],
    ['packages/filter/test/name.test.ts', '@lg/git/testing', 'a conformance suite, in a test'],
    ['apps/sample-app/src/main.ts', '@lg/git-cli', 'any package, in an app'],
  ])('in %s of %s is fine: %s', (file, specifier) => {
    expect(importProblem(file, specifier)).toBeUndefined()
  })

  it.each([
    ['packages/filter/src/name.ts', '@lg/git', 'not in the row'],
    ['packages/filter/src/name.ts', 'rxjs', 'not in the row'],
    ['packages/filter/src/name.ts', 'node:fs', 'runs in browsers'],
    ['packages/filter/src/name.ts', 'fs', 'runs in browsers'],
    ['packages/serializer/src/frame.ts', './node/index.ts', "does not import the sub-path 'node'"],
    ['packages/git/src/git.ts', './testing/index.ts', "does not import the sub-path 'testing'"],
    ['packages/git/src/git.ts', 'vitest', 'not in the row'],
    ['packages/storage-git/src/index.ts', '@lg/storage-raw/testing', "only tests and the sub-path 'testing'"],
    ['packages/filter/src/name.ts', '../../runtime/src/key.ts', 'stays inside its package'],
    ['packages/filter/test/name.test.ts', '../../runtime/src/key.ts', 'stays inside its package'],
    ['packages/filter/test/name.test.ts', '@lg/runtime/src/key.ts', 'not by a path inside it'],
    ['apps/sample-app/src/main.ts', '@lg/runtime/dist/key.js', 'not by a path inside it'],
    ['packages/filter/src/name.ts', '../test/names.ts', 'sources import only sources'],
    ['packages/filter/bench/list.bench.ts', '../src/index.ts', 'imports it by name'],
    ['packages/unheard-of/src/index.ts', '@lg/runtime', 'has no row'],
  ])('in %s of %s is refused', (file, specifier, reason) => {
    expect(importProblem(file, specifier)).toContain(reason)
  })
})

describe('the lint rule', () => {
  let dir: string
  afterEach(() => rmSync(dir, { recursive: true, force: true }))

  it('catches every form of a forbidden import', async () => {
    dir = mkdtempSync(join(tmpdir(), 'lg-import-table-'))
    const file = join(dir, 'packages/filter/src/forbidden.ts')
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(
      file,
      [
        `import { createGitCli } from '@lg/git-cli'`,
        `import type { Git } from '@lg/git'`,
        `export { readFile } from 'node:fs/promises'`,
        `export * from '../../runtime/src/key.ts'`,
        `export const load = (): Promise<unknown> => import('rxjs')`,
        `export type Storage = import('@lg/storage').Storage`,
        `export const used: [unknown, Git | undefined] = [createGitCli, undefined]`,
      ].join('\n'),
    )
    const config = join(dir, 'oxlint.json')
    writeFileSync(
      config,
      JSON.stringify({
        jsPlugins: [join(root, 'scripts/lint/import-table-rule.mjs')],
        categories: { correctness: 'off' },
        rules: { 'lg/import-table': 'error' },
      }),
    )
    const { succeeded, output } = await run('oxlint', ['--config', config, '--format', 'json', '.'], {
      cwd: dir,
    })
    expect(succeeded).toBe(false)
    const { diagnostics } = JSON.parse(output) as { diagnostics: { labels: { span: { line: number } }[] }[] }
    expect(diagnostics.map(({ labels }) => labels[0]?.span.line).toSorted()).toEqual([1, 2, 3, 4, 5, 6])
  })
})
