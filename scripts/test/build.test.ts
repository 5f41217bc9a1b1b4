import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { root, run } from '../workspace.mjs'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'lg-build-'))
  write('package.json', { type: 'module' })
  write('tsconfig.build.json', {
    extends: join(root, 'tsconfig.base.json'),
    compilerOptions: { rootDir: 'src', outDir: 'dist', sourceMap: false, declarationMap: false },
    include: ['src'],
  })
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const write = (path: string, content: unknown): void => {
  mkdirSync(dirname(join(dir, path)), { recursive: true })
  writeFileSync(join(dir, path), typeof content === 'string' ? content : JSON.stringify(content))
}
const build = () => run(process.execPath, [join(root, 'scripts/build.mjs')], { cwd: dir })

describe('a build', () => {
  it('holds modules, types and helper files, and nothing without a source', async () => {
    write('src/index.ts', `export { one } from './deep/one.ts'\n`)
    write('src/deep/one.ts', 'export const one: number = 1\n')
    write('src/deep/helper.mjs', 'process.exit(0)\n')
    write('dist/deep/renamed.js', 'export const gone = 1\n')
    const { succeeded, output } = await build()
    expect(succeeded, output).toBe(true)
    expect(readdirSync(join(dir, 'dist')).toSorted()).toEqual(['deep', 'index.d.ts', 'index.js'])
    expect(readdirSync(join(dir, 'dist/deep')).toSorted()).toEqual(['helper.mjs', 'one.d.ts', 'one.js'])
    expect(readFileSync(join(dir, 'dist/index.js'), 'utf8')).toContain('./deep/one.js')
  })

  it('fails when the types do, and leaves what was built before', async () => {
    write('src/index.ts', `export const one: number = 'one'\n`)
    write('dist/older.js', '')
    const { succeeded, output } = await build()
    expect(succeeded).toBe(false)
    expect(output).toContain('src/index.ts(1,14)')
    expect(existsSync(join(dir, 'dist/older.js'))).toBe(true)
  })
})
