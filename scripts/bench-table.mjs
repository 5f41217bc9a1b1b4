// @ts-check
// What benches report, as a table.

/**
 * @typedef {import('../internal/bench/src/row.ts').BenchRow} BenchRow
 * @typedef {BenchRow & { package: string }} PackageRow
 */

/**
 * @param {unknown} rows what a bench's `run` resolved with
 * @param {string} file named in the message when a row is malformed
 * @returns {BenchRow[]}
 */
export function readRows(rows, file) {
  if (!Array.isArray(rows) || rows.length === 0) throw new TypeError(`${file}: run() reports no rows`)
  for (const row of rows) {
    const { name, figure, reference, ratio, aim } = row
    const texts = [name, figure, reference].every((text) => typeof text === 'string' && text !== '')
    const numbers = Number.isFinite(ratio) && (aim === undefined || Number.isFinite(aim))
    if (!texts || !numbers) throw new TypeError(`${file}: not a bench row: ${JSON.stringify(row)}`)
  }
  return rows
}

/**
 * @param {readonly PackageRow[]} rows
 * @returns {string} a table in Markdown, which also reads well in a terminal
 */
export function formatTable(rows) {
  const head = ['package', 'what', 'figure', 'against', 'ratio', 'aim', '']
  const body = rows.map((row) => [
    row.package,
    row.name,
    row.figure,
    row.reference,
    formatRatio(row.ratio),
    row.aim === undefined ? '' : `at most ${formatRatio(row.aim)}`,
    row.aim === undefined ? ''
    : row.ratio <= row.aim ? 'met'
    : 'MISSED',
  ])
  const widths = head.map((title, column) =>
    Math.max(title.length, ...body.map((cells) => cells[column]?.length ?? 0)),
  )
  /** @param {readonly string[]} cells @param {string} filler */
  const line = (cells, filler = ' ') =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0, filler)).join(' | ')} |`
  return [
    line(head),
    line(
      head.map(() => ''),
      '-',
    ),
    ...body.map((cells) => line(cells)),
  ].join('\n')
}

/**
 * A document with what stands between the marks `<!-- bench -->` and `<!-- /bench -->` replaced.
 *
 * @param {string} document
 * @param {string} content
 */
export function replaceBetweenMarks(document, content) {
  const [open, close] = ['<!-- bench -->', '<!-- /bench -->']
  const start = document.indexOf(open)
  const end = document.indexOf(close)
  if (start === -1 || end < start) throw new Error(`The document has no ${open} followed by ${close}`)
  return `${document.slice(0, start + open.length)}\n\n${content}\n\n${document.slice(end)}`
}

/** @param {number} ratio */
const formatRatio = (ratio) => `${ratio.toLocaleString('en', { maximumSignificantDigits: 2 })}x`
