// @ts-check
// The full test run: builds every package, runs every test, checks that every promise is kept by a test that passed,
// and ends with the line `N passed, N failed, N skipped`. Arguments go to vitest.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { checkPromises } from './promises.mjs'
import { environment, pnpm, root } from './workspace.mjs'

const filters = process.argv.slice(2)

const built = await pnpm(['run', 'build', '--output-logs=errors-only'])
if (!built.succeeded) console.error(built.output)
const { passed, failed, skipped } = built.succeeded ? runTests() : { passed: 0, failed: 1, skipped: 0 }
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
process.exitCode = failed === 0 ? 0 : 1

function runTests() {
  const reportFile = join(root, '.reports', 'vitest.json')
  rmSync(reportFile, { force: true })
  mkdirSync(join(root, '.reports'), { recursive: true })
  const { status } = spawnSync(
    'vitest',
    ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`, ...filters],
    { cwd: root, stdio: 'inherit', env: { ...environment, LG_FULL: '1' } },
  )
  if (!existsSync(reportFile)) return { passed: 0, failed: 1, skipped: 0 }

  const report = JSON.parse(readFileSync(reportFile, 'utf8'))
  // A selection of tests says nothing about the promises of the others.
  const promises = filters.length > 0 ? { total: 0, broken: [] } : checkPromises(report, root)
  for (const problem of promises.broken) console.error(problem)

  const failed = report.numFailedTests + promises.broken.length
  return {
    passed: report.numPassedTests + promises.total - promises.broken.length,
    // A file that does not load, or an error outside of any test, fails the run without a failed test.
    failed: failed === 0 && status !== 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}
