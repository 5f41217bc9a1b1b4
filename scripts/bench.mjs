// @ts-check
// Runs every `bench/*.bench.ts` on the built packages and prints one table: `pnpm bench`, or `pnpm bench storage` for one
// package. With `--write` the table also goes into README.md.
import { build } from 'esbuild'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatTable, readRows, replaceBetweenMarks } from './bench-table.mjs'
import { browserBundle } from './browser-bundle.mjs'
import { importTable } from './import-table.mjs'
import { environment, packagesIn, pnpm, root } from './workspace.mjs'

const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('-'))
const writes = process.argv.includes('--write')

const benches = [...packagesIn('packages'), ...packagesIn('apps')]
  .filter(({ folder }) => wanted.length === 0 || wanted.includes(folder))
  .flatMap(({ folder, path, manifest }) =>
    (existsSync(join(root, path, 'bench')) ? readdirSync(join(root, path, 'bench')) : [])
      .filter((file) => file.endsWith('.bench.ts'))
      .toSorted()
      .map((file) => ({ folder, path, name: manifest.name, file: `${path}/bench/${file}` })),
  )
if (benches.length === 0) {
  console.error(`No benches${wanted.length > 0 ? ` in ${wanted.join(', ')}` : ''}`)
  process.exit(2)
}

const filters = new Set(benches.map(({ name }) => `--filter=${name}`))
const built = await pnpm(['run', 'build', '--output-logs=errors-only', ...filters])
if (!built.succeeded) {
  console.error(built.output)
  process.exit(1)
}

// What is internal is never built, so it becomes part of the bundle.
const internalSources = Object.fromEntries(
  packagesIn('internal').flatMap(({ path, manifest }) => {
    const entry = manifest.exports?.['.']
    return entry === undefined ? [] : [[manifest.name, join(root, path, entry.default ?? entry)]]
  }),
)

const results = mkdtempSync(join(tmpdir(), 'lg-bench-'))
/** @type {import('./bench-table.mjs').PackageRow[]} */
const rows = []
try {
  for (const bench of benches) {
    console.error(`running ${bench.file}`)
    rows.push(...(await runBench(bench)).map((row) => ({ package: bench.folder, ...row })))
  }
} finally {
  rmSync(results, { recursive: true, force: true })
}
for (const { folder, path, manifest } of packagesIn('packages')) {
  const benched = rows.some((row) => row.package === folder)
  if (benched && importTable[folder]?.browser) rows.push(await browserRow({ folder, path, manifest }))
}

const table = `${describeMachine()}\n\n${formatTable(rows)}`
console.log(table)
if (writes) {
  const readme = join(root, 'README.md')
  writeFileSync(readme, replaceBetweenMarks(readFileSync(readme, 'utf8'), table))
}

/** @param {{ path: string, file: string }} bench */
async function runBench({ path, file }) {
  // Inside the package, so that its own dependencies are found, and as JavaScript, which is all that Node 20 reads. The
  // packages themselves stay outside of the bundle: what is measured is what was built.
  const bundle = join(root, path, '.bench', 'bench.mjs')
  await build({
    entryPoints: [join(root, file)],
    outfile: bundle,
    bundle: true,
    packages: 'external',
    alias: internalSources,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    sourcemap: 'inline',
  })
  const result = join(results, 'rows.json')
  const { status } = spawnSync(
    process.execPath,
    ['--expose-gc', '--enable-source-maps', join(import.meta.dirname, 'bench-run.mjs'), bundle, result],
    { cwd: join(root, path), stdio: ['ignore', 2, 'inherit'], env: environment },
  )
  if (status !== 0) throw new Error(`${file} failed`)
  return readRows(JSON.parse(readFileSync(result, 'utf8')), file)
}

/**
 * @param {{ folder: string, path: string, manifest: { name: string } }} folder
 * @returns {Promise<import('./bench-table.mjs').PackageRow>}
 */
async function browserRow({ folder, path, manifest }) {
  const { bytes, compressed } = await browserBundle({ path, manifest })
  return {
    package: folder,
    name: 'shipped for the browser, compressed',
    figure: `${compressed.toLocaleString('en')} bytes`,
    reference: `as it is: ${bytes.toLocaleString('en')} bytes`,
    ratio: compressed / bytes,
  }
}

function describeMachine() {
  const git = spawnSync('git', ['--version'], { encoding: 'utf8' })
    .stdout.trim()
    .replace('git version', 'git')
  return `Measured on ${cpus().length} cores (${cpus()[0]?.model.trim()}), Node ${process.versions.node}, ${git}.`
}
