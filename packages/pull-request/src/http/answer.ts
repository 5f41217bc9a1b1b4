import { isOid, type Oid } from '@lg/git'
import { isRecord } from '@lg/runtime'
import { httpErrors } from './errors.ts'

/** The fields of an answer, each checked when it is read. Names are paths, for the message. */
export interface AnswerReader {
  readonly value: Readonly<Record<string, unknown>>
  text(name: string): string
  /** `undefined` for null and absent. */
  optionalText(name: string): string | undefined
  number(name: string): number
  flag(name: string): boolean
  /** Milliseconds since the epoch, of an ISO 8601 text. */
  time(name: string): number
  optionalTime(name: string): number | undefined
  oid(name: string): Oid
  optionalOid(name: string): Oid | undefined
  record(name: string): AnswerReader
  optionalRecord(name: string): AnswerReader | undefined
  /** Empty for null and absent. */
  list(name: string): readonly AnswerReader[]
  /** A list of texts. Empty for null and absent. */
  texts(name: string): readonly string[]
}

/**
 * Reads what a host answered, which may be anything.
 *
 * @param what for messages: `pull request`.
 * @throws {LgError} `BAD_ANSWER` naming the field, here and in every method.
 */
export function readAnswer(value: unknown, what: string): AnswerReader {
  const malformed = (name: string): Error => {
    const reason = `"${name}" of a ${what} is missing or not as it should be`
    return httpErrors.create('BAD_ANSWER', `The host's answer: ${reason}`, { reason })
  }
  const read = (given: unknown, path: string): AnswerReader => {
    if (!isRecord(given)) throw malformed(path === '' ? '(all)' : path)
    const pathTo = (name: string): string => (path === '' ? name : `${path}.${name}`)
    const get = <T>(name: string, convert: (field: unknown) => T | undefined): T => {
      const converted = convert(given[name])
      if (converted === undefined) throw malformed(pathTo(name))
      return converted
    }
    const optional = <T>(name: string, reader: (name: string) => T): T | undefined =>
      given[name] === undefined || given[name] === null ? undefined : reader(name)
    const reader: AnswerReader = {
      value: given,
      text: (name) => get(name, (field) => (typeof field === 'string' ? field : undefined)),
      optionalText: (name) => optional(name, reader.text),
      number: (name) => get(name, (field) => (Number.isSafeInteger(field) ? (field as number) : undefined)),
      flag: (name) => get(name, (field) => (typeof field === 'boolean' ? field : undefined)),
      time: (name) => get(name, timeOf),
      optionalTime: (name) => optional(name, reader.time),
      oid: (name) => get(name, (field) => (typeof field === 'string' && isOid(field) ? field : undefined)),
      optionalOid: (name) => optional(name, reader.oid),
      record: (name) => read(given[name], pathTo(name)),
      optionalRecord: (name) => optional(name, reader.record),
      list(name) {
        const field = given[name] ?? []
        if (!Array.isArray(field)) throw malformed(pathTo(name))
        return field.map((entry: unknown, index) => read(entry, `${pathTo(name)}[${index}]`))
      },
      texts: (name) => optional(name, (present) => get(present, textsOf)) ?? [],
    }
    return reader
  }
  return read(value, '')
}

/**
 * The entries of a list that is a whole answer.
 *
 * @throws {LgError} `BAD_ANSWER`.
 */
export function readAnswers(value: unknown, what: string): readonly AnswerReader[] {
  return readAnswer({ list: value ?? 'nothing' }, what).list('list')
}

function textsOf(field: unknown): readonly string[] | undefined {
  return Array.isArray(field) && field.every((entry) => typeof entry === 'string') ? field : undefined
}

function timeOf(field: unknown): number | undefined {
  const time = typeof field === 'string' ? Date.parse(field) : Number.NaN
  return Number.isNaN(time) ? undefined : time
}
