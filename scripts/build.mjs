// @ts-check
// Builds the package in the current folder: every source becomes a module with its types, every other file of `src`
// (helper programs, schemas) is copied beside them, and what has no source any more is removed from `dist`.
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const typescript = createRequire(import.meta.url).resolve('typescript/package.json')
const tsc = join(dirname(typescript), 'bin', 'tsc')
const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { stdio: 'inherit' })
if (status !== 0) process.exit(status ?? 1)

const sources = filesIn('src')
const compiled = sources.filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
const copied = sources.filter((path) => !path.endsWith('.ts'))

for (const path of copied) {
  mkdirSync(dirname(join('dist', path)), { recursive: true })
  copyFileSync(join('src', path), join('dist', path))
}

const expected = new Set([
  ...copied,
  ...compiled.flatMap((path) =>
    ['.js', '.js.map', '.d.ts', '.d.ts.map'].map((suffix) => path.replace(/\.ts$/, suffix)),
  ),
])
for (const path of filesIn('dist')) {
  if (!expected.has(path)) rmSync(join('dist', path))
}

/** @param {string} folder */
function filesIn(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
}
