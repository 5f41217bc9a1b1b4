// @ts-check
// Checks `docs/promises.md`: every promise names a test, and that test ran and passed. Run by itself it looks only
// whether the document is well formed and the test files are there; `pnpm test` does the rest.
import { existsSync, readFileSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { root } from './workspace.mjs'

/**
 * @typedef {object} KeptBy
 * @property {number} line
 * @property {string} sentence
 * @property {string} file relative to the workspace
 * @property {string} test the test's name, or the names of its groups and its own joined by ` › `
 *
 * @typedef {{ file: string, name: string, status: string }} TestResult
 */

const promiseLine = /^- (?<sentence>.+?) — `(?<file>[^`]+)` › (?<test>.+)$/

/**
 * Every list item of the document as a promise. An item in another form is an error, so that none goes unchecked.
 *
 * @param {string} markdown
 * @returns {KeptBy[]}
 */
export function readPromises(markdown) {
  return markdown.split('\n').flatMap((text, index) => {
    if (!/^\s*[-*] /.test(text)) return []
    const { sentence, file, test } = promiseLine.exec(text)?.groups ?? {}
    if (sentence === undefined || file === undefined || test === undefined) {
      throw new Error(
        `docs/promises.md:${index + 1}: not of the form "- sentence — \`path/of.test.ts\` › name of the test": ${text}`,
      )
    }
    return [{ line: index + 1, sentence, file, test: test.trim() }]
  })
}

/**
 * What is wrong, one sentence for each promise that no passing test keeps.
 *
 * @param {readonly KeptBy[]} promises
 * @param {readonly TestResult[]} results
 * @returns {string[]}
 */
export function brokenPromises(promises, results) {
  return promises.flatMap(({ line, sentence, file, test }) => {
    const found = results.filter(
      (result) => result.file === file && (result.name === test || result.name.endsWith(` › ${test}`)),
    )
    const bad = found.filter((result) => result.status !== 'passed')
    const reason =
      found.length === 0 ? `no test '${test}' in ${file}`
      : bad.length > 0 ? `'${bad[0]?.name}' in ${file} is ${bad[0]?.status}`
      : undefined
    return reason === undefined ? [] : [`docs/promises.md:${line}: "${sentence}": ${reason}`]
  })
}

/**
 * The tests in a report of vitest's `json` reporter.
 *
 * @param {any} report
 * @param {string} root
 * @returns {TestResult[]}
 */
export function testResults(report, root) {
  return report.testResults.flatMap((/** @type {any} */ module) =>
    module.assertionResults.map((/** @type {any} */ test) => ({
      file: relative(root, module.name).split(sep).join('/'),
      name: [...test.ancestorTitles, test.title].join(' › '),
      status: test.status,
    })),
  )
}

/**
 * @param {any} report
 * @param {string} root
 * @returns {{ total: number, broken: string[] }}
 */
export function checkPromises(report, root) {
  const promises = readPromises(readFileSync(`${root}/docs/promises.md`, 'utf8'))
  return { total: promises.length, broken: brokenPromises(promises, testResults(report, root)) }
}

if (process.argv[1] === resolve(import.meta.filename)) {
  const missing = readPromises(readFileSync(join(root, 'docs/promises.md'), 'utf8')).filter(
    ({ file }) => !existsSync(join(root, file)),
  )
  for (const { line, file } of missing) console.error(`docs/promises.md:${line}: no file ${file}`)
  process.exitCode = missing.length === 0 ? 0 : 1
}
