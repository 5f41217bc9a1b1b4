// What every package exports, as files that a review shows the difference of. `vitest run internal/packaging -u` accepts one.
import { join } from 'node:path'
import ts from 'typescript-5'
import { describe, expect, it } from 'vitest'
import { publishedPackages, root } from '../../../scripts/workspace.mjs'

const entries = publishedPackages().map(({ folder, path, manifest }) => ({
  folder,
  entries: Object.entries<{ '@lg/source'?: string }>(manifest.exports).flatMap(([entry, target]) =>
    target['@lg/source'] === undefined ? [] : [{ entry, source: join(root, path, target['@lg/source']) }],
  ),
}))

describe('the exports of', { tags: ['slow'] }, () => {
  const program = createProgram(entries.flatMap((item) => item.entries.map(({ source }) => source)))

  it.each(entries.map(({ folder, entries }) => [folder, entries] as const))(
    '%s are those of its list',
    async (folder, entries) => {
      const list = entries
        .map(({ entry, source }) => `${entry}\n${exportsOf(program, source).join('\n')}\n`)
        .join('\n')
      await expect(list).toMatchFileSnapshot(`../api/${folder}.txt`)
    },
  )
})

function createProgram(files: readonly string[]): ts.Program {
  const config = ts.readConfigFile(join(root, 'tsconfig.base.json'), ts.sys.readFile).config as {
    compilerOptions: object
  }
  const { options } = ts.convertCompilerOptionsFromJson(
    { ...config.compilerOptions, noEmit: true, types: [], customConditions: ['@lg/source'] },
    root,
  )
  return ts.createProgram(files, options)
}

function exportsOf(program: ts.Program, file: string): string[] {
  const checker = program.getTypeChecker()
  const source = program.getSourceFile(file)
  const symbol = source && checker.getSymbolAtLocation(source)
  if (symbol === undefined) return []
  return checker
    .getExportsOfModule(symbol)
    .map((item) => {
      const { flags } = item.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(item) : item
      const kind =
        flags & ts.SymbolFlags.Function ? 'function'
        : flags & ts.SymbolFlags.Class ? 'class'
        : flags & ts.SymbolFlags.Value ? 'const'
        : flags & ts.SymbolFlags.Interface ? 'interface'
        : 'type'
      return `  ${item.name} (${kind})`
    })
    .toSorted()
}
