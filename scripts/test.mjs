// @ts-check
// The full test run: builds every package, runs every test, checks that every promise is kept by a test that passed,
// and ends with the line `N passed, N failed, N skipped`. Arguments go to vitest.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { checkPromises } from './promises.mjs'

const root = resolve(import.meta.dirname, '..')
const reportFile = join(root, '.reports', 'vitest.json')
const filters = process.argv.slice(2)

const built = run('turbo', ['run', 'build', '--output-logs=errors-only'])
process.exitCode = built && runTests() ? 0 : 1

function runTests() {
  rmSync(reportFile, { force: true })
  mkdirSync(join(root, '.reports'), { recursive: true })
  const succeeded = run(
    'vitest',
    ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`, ...filters],
    { LG_FULL: '1' },
  )
  const report = JSON.parse(readFileSync(reportFile, 'utf8'))
  // A selection of tests says nothing about the promises of the others.
  const promises = filters.length > 0 ? { total: 0, broken: [] } : checkPromises(report, root)
  for (const problem of promises.broken) console.error(problem)

  const passed = report.numPassedTests + promises.total - promises.broken.length
  const failedTests = report.numFailedTests + promises.broken.length
  // A file that does not load, or an error outside of any test, fails the run without a failed test.
  const failed = failedTests === 0 && !succeeded ? 1 : failedTests
  const skipped = report.numPendingTests + report.numTodoTests
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
  return failed === 0
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Record<string, string>} [env]
 */
function run(command, args, env = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', ...env },
  })
  if (error !== undefined) throw error
  return status === 0
}
