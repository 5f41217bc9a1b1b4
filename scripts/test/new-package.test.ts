import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { newPackage } from '../new-package.mjs'
import { publishedPackages, root } from '../workspace.mjs'

describe('a new package', () => {
  it('depends on what its row of the import table names', () => {
    const manifest = JSON.parse(newPackage('pr-local', 'Local.')['package.json'] ?? '')
    expect(manifest).toMatchObject({
      name: '@lg/pr-local',
      description: 'Local.',
      dependencies: { '@lg/git': 'workspace:^', '@lg/pull-request': 'workspace:^' },
    })
  })

  it('needs a row of the import table first', () => {
    expect(() => newPackage('unheard-of', 'New.')).toThrow('scripts/import-table.mjs')
  })
})

describe.each(publishedPackages())('$manifest.name', ({ folder, path, manifest }) => {
  const { 'package.json': text = '' } = newPackage(folder, manifest.description)
  const alike = ['name', 'license', 'type', 'sideEffects', 'engines', 'scripts']

  it('is like a new one', () => {
    const fresh = JSON.parse(text) as Record<string, unknown>
    expect(manifest).toMatchObject(Object.fromEntries(alike.map((field) => [field, fresh[field]])))
    expect(manifest.files).toEqual(expect.arrayContaining(['dist', 'src']))
  })

  it('stands in the table of the README', () => {
    expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain(`[\`${manifest.name}\`](${path})`)
  })

  it('names every entry in the same three ways', () => {
    for (const [entry, target] of Object.entries(manifest.exports)) {
      if (entry === './package.json') continue
      const module = entry === '.' ? 'index' : `${entry.slice(2)}/index`
      expect(target).toEqual({
        '@lg/source': `./src/${module}.ts`,
        types: `./dist/${module}.d.ts`,
        default: `./dist/${module}.js`,
      })
    }
  })

  it('is built without the types of Node when it runs in browsers', () => {
    const { 'tsconfig.build.json': fresh = '' } = newPackage(folder, manifest.description)
    const config = readFileSync(join(root, path, 'tsconfig.build.json'), 'utf8')
    expect(JSON.parse(config).compilerOptions.types).toEqual(JSON.parse(fresh).compilerOptions.types)
  })
})
