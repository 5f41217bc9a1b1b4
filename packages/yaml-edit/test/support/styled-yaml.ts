import { formatYaml } from '../../src/index.ts'

/** A generator of numbers from a seed, so that a failure can be run again. */
export type Random = (below: number) => number

export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/** How one document is written; each choice is made anew for each node where it can be. */
interface Look {
  readonly random: Random
  readonly indent: number
  readonly listIndent: number
  readonly newline: string
}

/** The value as a person might write it: comments, blank lines, quotes, block scalars, flow collections. */
export function styledYaml(value: unknown, seed: number): string {
  const random = randomFrom(seed)
  const look: Look = {
    random,
    indent: [2, 2, 4, 3][random(4)] as number,
    listIndent: [0, 0, 2][random(3)] as number,
    newline: random(8) === 0 ? '\r\n' : '\n',
  }
  const head =
    random(4) === 0 ? '# head\n---\n'
    : random(4) === 0 ? '---\n'
    : ''
  const tail =
    random(5) === 0 ? '\n# tail\n'
    : random(8) === 0 ? '...\n'
    : ''
  const lines = isFilled(value) ? block(value, 0, look) : [scalar(value, look, false)]
  let text = `${head}${lines.join('\n')}\n${tail}`
  if (random(6) === 0) text = text.replace(/\n$/, '')
  if (random(20) === 0) text = `\ufeff${text}`
  return look.newline === '\n' ? text : text.replaceAll('\n', '\r\n')
}

function isFilled(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0
}

function comments(column: number, look: Look): string[] {
  const pad = ' '.repeat(column)
  const lines: string[] = []
  if (look.random(12) === 0) lines.push('')
  if (look.random(12) === 0) lines.push(`${pad}# free`, '')
  if (look.random(8) === 0) lines.push(`${pad}# above ${look.random(1000)}`)
  return lines
}

function beside(look: Look): string {
  const kind = look.random(12)
  return (
    kind === 0 ? ` # beside ${look.random(1000)}`
    : kind === 1 ? '  '
    : ''
  )
}

function block(value: object, column: number, look: Look): string[] {
  const pad = ' '.repeat(column)
  const lines: string[] = []
  const list = Array.isArray(value)
  for (const [key, item] of Object.entries(value)) {
    if (lines.length > 0 || column === 0) lines.push(...comments(column, look))
    const head = list ? `${pad}-` : `${pad}${scalar(key, look, true)}:`
    if (isFilled(item) && look.random(6) > 0) {
      const inner =
        Array.isArray(item) ?
          list ? 2
          : look.listIndent
        : look.indent
      const deeper = block(item, column + (list ? 2 : inner), look)
      if (list && look.random(4) > 0 && /^ *[^ #]/.test(deeper[0] ?? '')) {
        lines.push(`${head} ${(deeper[0] ?? '').trimStart()}`, ...deeper.slice(1))
      } else lines.push(`${head}${beside(look)}`, ...deeper)
      // After a block scalar it would be text.
      if (look.random(10) === 0 && !endsInText(item))
        lines.push(`${' '.repeat(column + (list ? 2 : look.indent))}# end`)
    } else if (typeof item === 'string' && item.includes('\n') && look.random(3) > 0) {
      lines.push(...literal(head, item, column + look.indent))
    } else if (isFilled(item) && look.random(2) === 0) {
      lines.push(...wideFlow(head, item, column + look.indent, look))
    } else if (item === null && look.random(2) === 0) {
      lines.push(`${head}${beside(look)}`)
    } else {
      lines.push(
        `${head}${' '.repeat(look.random(10) === 0 ? 3 : 1)}${flow(item, look, false)}${beside(look)}`,
      )
    }
  }
  return lines
}

function endsInText(value: unknown): boolean {
  if (!isFilled(value)) return typeof value === 'string' && value.includes('\n')
  return endsInText(Object.values(value).at(-1))
}

function literal(head: string, text: string, column: number): string[] {
  const body = text.replace(/\n+$/, '')
  const breaks = text.length - body.length
  const simple = /^\S/.test(body) && !/[ \t]$/m.test(body)
  if (!simple) return [`${head} ${JSON.stringify(text)}`]
  const pad = ' '.repeat(column)
  const lines = body.split('\n').map((line) => (line === '' ? '' : pad + line))
  return [
    `${head} |${
      breaks === 0 ? '-'
      : breaks === 1 ? ''
      : '+'
    }`,
    ...lines,
    ...Array<string>(Math.max(breaks - 1, 0)).fill(''),
  ]
}

function wideFlow(head: string, value: object, column: number, look: Look): string[] {
  const pad = ' '.repeat(column)
  const list = Array.isArray(value)
  const entries = Object.entries(value)
  const items = entries.map(([key, item], index) => {
    const name = list ? '' : `${scalar(key, look, true, true)}: `
    const comma = index < entries.length - 1 || look.random(3) === 0 ? ',' : ''
    return `${pad}  ${name}${flow(item, look, true)}${comma}${look.random(8) === 0 ? ' # in flow' : ''}`
  })
  return [`${head} ${list ? '[' : '{'}`, ...items, `${pad}${list ? ']' : '}'}`]
}

function flow(value: unknown, look: Look, inFlow: boolean): string {
  if (Array.isArray(value)) {
    return `[${value.map((item) => flow(item, look, true)).join(look.random(4) === 0 ? ',' : ', ')}]`
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(
      ([key, item]) => `${scalar(key, look, true, true)}: ${flow(item, look, true)}`,
    )
    return look.random(2) === 0 ? `{${entries.join(', ')}}` : `{ ${entries.join(', ')} }`
  }
  return scalar(value, look, false, inFlow)
}

function scalar(value: unknown, look: Look, isKey: boolean, inFlow = false): string {
  if (typeof value !== 'string') return formatYaml(value).trimEnd()
  const choice = look.random(4)
  const printable = /^[ -~]*$/.test(value)
  if (choice === 0 || !printable) return JSON.stringify(value)
  if (choice === 1) return `'${value.replaceAll("'", "''")}'`
  const conventional = formatYaml(isKey ? { [value]: 1 } : [value])
  const plain = isKey ? conventional.replace(/: 1\n$/, '') : conventional.slice(2, -1)
  return inFlow && /[,[\]{}]/.test(plain) && !/^["']/.test(plain) ? JSON.stringify(value) : plain
}
