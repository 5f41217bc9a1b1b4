// @ts-check
// Everything that can be said about the code without running it, in one command: `pnpm check`, or `pnpm check runtime`
// for what concerns one package. Prints the output of what failed, then one line a step.
import { availableParallelism } from 'node:os'
import { packagesIn, pnpm, run } from './workspace.mjs'

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {(folders: readonly string[], paths: readonly string[]) => Promise<{ succeeded: boolean, output: string }>} run
 *   gets the selected packages, and their paths or `.`
 * @property {boolean} [whole] looks at the workspace as a whole, so it is left out for single packages
 */

/** @type {readonly Step[]} */
const steps = [
  { name: 'types', run: checkTypes },
  { name: 'lint and import table', run: (_, paths) => run('oxlint', [...paths]) },
  {
    name: 'format',
    run: (_, paths) => run('prettier', ['--check', '--cache', '--log-level=warn', ...paths]),
  },
  { name: 'packages as published', run: (folders) => run('node', ['scripts/check-packed.mjs', ...folders]) },
  { name: 'browser bundles', run: (folders) => run('node', ['scripts/browser.mjs', ...folders]) },
  {
    name: 'unused code and dependencies',
    run: () => run('knip', ['--no-progress', '--no-config-hints']),
    whole: true,
  },
  {
    name: 'links in comments',
    run: () => pnpm(['--filter=@lg/api-docs', 'run', 'check']),
    whole: true,
  },
  {
    name: 'manifests',
    // TypeDoc reads the sources with the last TypeScript that has a JavaScript interface.
    run: () => run('sherif', ['--fail-on-warnings', '--ignore-dependency', 'typescript']),
    whole: true,
  },
  { name: 'promises', run: () => run('node', ['scripts/promises.mjs']), whole: true },
  { name: 'links', run: (_, paths) => run('remark', ['--frail', '--quiet', '--no-stdout', ...paths]) },
]

const folders = process.argv.slice(2)
const selected = [...packagesIn('packages'), ...packagesIn('apps')].filter(({ folder }) =>
  folders.includes(folder),
)
const unknown = folders.filter((folder) => !selected.some((found) => found.folder === folder))
if (unknown.length > 0) {
  console.error(`No such package or app: ${unknown.join(', ')}`)
  process.exit(2)
}

const paths = folders.length === 0 ? ['.'] : selected.map(({ path }) => path)
const filters = selected.map(({ manifest }) => `--filter=${manifest.name}`)

/** @type {{ name: string, succeeded: boolean, seconds: string }[]} */
const results = []
// Several steps read what is built.
await take({ name: 'build', run: () => pnpm(['run', 'build', '--output-logs=errors-only', ...filters]) })
const waiting = steps.filter(({ whole }) => folders.length === 0 || whole !== true)
await Promise.all(
  Array.from({ length: availableParallelism() }, async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) await take(step)
  }),
)

const failed = results.filter(({ succeeded }) => !succeeded)
for (const { name, succeeded, seconds } of results)
  console.log(`${succeeded ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`)
console.log(`check: ${results.length - failed.length} passed, ${failed.length} failed`)
process.exitCode = failed.length === 0 ? 0 : 1

/**
 * The sources are one program, so its errors are those of all packages; only those of the selected ones count.
 *
 * @param {readonly string[]} folders
 * @param {readonly string[]} paths
 */
async function checkTypes(folders, paths) {
  const { succeeded, output } = await run('tsc', ['--pretty', 'false'])
  if (folders.length === 0) return { succeeded, output }
  const own = output.split('\n').filter((line) => paths.some((path) => line.startsWith(`${path}/`)))
  return { succeeded: own.length === 0, output: own.join('\n') }
}

/** @param {Step} step */
async function take({ name, run }) {
  const start = performance.now()
  const { succeeded, output } = await run(folders, paths)
  results.push({ name, succeeded, seconds: ((performance.now() - start) / 1000).toFixed(1) })
  if (!succeeded || name === 'browser bundles') console.log(`--- ${name}\n${output.trim()}\n`)
}
