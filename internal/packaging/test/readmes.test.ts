// Every TypeScript block of every README compiles as a module of its package: what people copy fits what there is.
// A block that is no whole module is marked ```ts fragment and left alone.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { packagesIn, root, run } from '../../../scripts/workspace.mjs'
import { writeJson } from './consumers.ts'

interface Document {
  readonly file: string
  /** The folder whose dependencies the blocks may import. */
  readonly home: string
}

const documents: readonly Document[] = [
  { file: 'README.md', home: 'packages/storage-git' },
  { file: 'CONTRIBUTING.md', home: 'internal/packaging' },
  ...[...packagesIn('packages'), ...packagesIn('apps')].map(({ path }) => ({
    file: `${path}/README.md`,
    home: path,
  })),
].filter(({ file, home }) => existsSync(join(root, file)) && existsSync(join(root, home)))

const config = join(root, '.reports', 'tsconfig.readmes.json')
const errors: string[] = []

beforeAll(async () => {
  const blocks = documents.flatMap(({ file, home }) =>
    typescriptBlocks(readFileSync(join(root, file), 'utf8')).map(({ line, code }) => ({
      file,
      line,
      code,
      path: `${home}/.readme/${file.replaceAll('/', '-')}-${line}.ts`,
    })),
  )
  for (const { path, code } of blocks) {
    mkdirSync(join(root, path, '..'), { recursive: true })
    writeFileSync(join(root, path), `${code}\nexport {}\n`)
  }
  mkdirSync(join(root, '.reports'), { recursive: true })
  writeJson(config, {
    extends: '../tsconfig.json',
    compilerOptions: { noUnusedLocals: false, noUnusedParameters: false },
    include: [],
    files: blocks.map(({ path }) => join(root, path)),
  })
  const { output } = await run('tsc', ['-p', config, '--pretty', 'false'])
  for (const { file, line, path } of blocks) {
    for (const [, row = '', message = ''] of output.matchAll(
      new RegExp(`${path}\\((\\d+),\\d+\\): (.*)`, 'g'),
    )) {
      errors.push(`${file}:${line + Number(row)}: ${message}`)
    }
  }
}, 60_000)

afterAll(() => {
  rmSync(config, { force: true })
  for (const { home } of documents) rmSync(join(root, home, '.readme'), { recursive: true, force: true })
})

it.each(documents.map(({ file }) => file))('the examples of %s compile', { tags: ['slow'] }, (file) => {
  expect(errors.filter((error) => error.startsWith(`${file}:`))).toEqual([])
})

function typescriptBlocks(markdown: string): { line: number; code: string }[] {
  return [...markdown.matchAll(/^ *```ts\n([\s\S]*?)^ *```$/gm)].map((match) => ({
    line: markdown.slice(0, match.index).split('\n').length,
    code: match[1] ?? '',
  }))
}
