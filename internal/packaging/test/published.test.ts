import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importTable } from '../../../scripts/import-table.mjs'
import { publishedPackages, run } from '../../../scripts/workspace.mjs'
import { type Consumer, consumerFolders, type Consumers, createConsumers, writeJson } from './consumers.ts'

const require = createRequire(import.meta.url)
const compilers = [
  { name: 'TypeScript 7', module: 'typescript' },
  { name: 'TypeScript 5.9', module: 'typescript-5' },
].map(({ name, module }) => ({
  name,
  tsc: join(dirname(require.resolve(`${module}/package.json`)), 'bin', 'tsc'),
}))

let consumers: Consumers
const consumerIn = (folder: string): Consumer =>
  consumers.all.find(({ dir }) => dir.endsWith(`/${folder}`)) ?? expect.fail(`no consumer ${folder}`)

beforeAll(async () => {
  consumers = await createConsumers((folder) => importTable[folder]?.browser === true)
}, 120_000)
afterAll(() => consumers?.close())

describe.each(publishedPackages().map(({ manifest }) => manifest.name))(
  'the tarball of %s',
  { tags: ['slow'] },
  (name) => {
    const unpacked = async (...args: string[]): Promise<string> => {
      const { succeeded, output } = await run('tar', [...args, '-f', consumers.tarballs.get(name) ?? ''])
      expect(succeeded, output).toBe(true)
      return output
    }

    it('holds the licence, a README and the build, and no test', async () => {
      const files = (await unpacked('-tz')).trim().split('\n')
      expect(files).toEqual(
        expect.arrayContaining([
          'package/LICENSE',
          'package/README.md',
          'package/dist/index.js',
          'package/dist/index.d.ts',
        ]),
      )
      const unwanted = /^package\/(test|bench|node_modules)\/|\.(test|bench)\.|tsconfig|\.tsbuildinfo$/
      expect(files.filter((file) => unwanted.test(file))).toEqual([])
    })

    it('says nothing of the workspace in its manifest', async () => {
      const packed = await unpacked('-xzO', 'package/package.json')
      expect(packed).not.toMatch(/@lg\/source|workspace:|catalog:|devDependencies|"scripts"/)
      expect(JSON.parse(packed)).toMatchObject({ license: 'Apache-2.0', engines: { node: '>=20.19.0' } })
    })
  },
)

describe.each(consumerFolders.map(({ folder, entries }) => [folder, entries] as const))(
  '%s, installed alone',
  { tags: ['slow'] },
  (folder, entries) => {
    it.each(entries)('imports %s', async (entry) => {
      const script = `import('${entry}').then((exports) => console.log(Object.keys(exports).length))`
      const { succeeded, output } = await run(process.execPath, ['--input-type=module', '--eval', script], {
        cwd: consumerIn(folder).dir,
      })
      expect(succeeded, output).toBe(true)
    })
  },
)

it('installs with npm too', { tags: ['slow'] }, async () => {
  const dir = join(consumers.dir, 'npm')
  mkdirSync(dir)
  writeJson(join(dir, 'package.json'), { name: 'npm-consumer', private: true, type: 'module' })
  const tarballs = [...consumers.tarballs.values()]
  const installed = await run(
    'npm',
    ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...tarballs],
    { cwd: dir },
  )
  expect(installed.succeeded, installed.output).toBe(true)

  const entries = consumers.all
    .filter((consumer) => !consumer.dir.endsWith('-testing'))
    .flatMap(({ entries }) => entries)
  const script = entries.map((entry) => `await import('${entry}')`).join('\n')
  const imported = await run(process.execPath, ['--input-type=module', '--eval', script], { cwd: dir })
  expect(imported.succeeded, imported.output).toBe(true)
})

describe('types', { tags: ['slow'] }, () => {
  const resolutions = { NodeNext: 'NodeNext', bundler: 'ESNext' } as const
  const cases = compilers.flatMap((compiler) =>
    Object.entries(resolutions).map(
      ([moduleResolution, module]) =>
        [compiler.name, moduleResolution, { tsc: compiler.tsc, module }] as const,
    ),
  )

  it.each(cases)('hold with %s under %s', async (_, moduleResolution, { tsc, module }) => {
    for (const usesNode of [false, true]) {
      const files = consumers.all.filter((consumer) => consumer.usesNode === usesNode)
      const config = join(consumers.dir, `tsconfig.${moduleResolution}.${usesNode ? 'node' : 'browser'}.json`)
      writeJson(config, {
        compilerOptions: {
          strict: true,
          noEmit: true,
          target: 'ES2023',
          lib: ['ES2023', 'ESNext.Disposable', 'DOM', 'DOM.AsyncIterable'],
          module,
          moduleResolution,
          types: usesNode ? ['node'] : [],
          skipLibCheck: false,
        },
        files: files.map(({ dir }) => join(dir, 'index.ts')),
      })
      const { succeeded, output } = await run(process.execPath, [tsc, '-p', config], { cwd: consumers.dir })
      expect(succeeded, output).toBe(true)
    }
  })
})
