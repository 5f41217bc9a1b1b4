import { checkBranchName, gitErrors } from '@lg/git'
import { isRecord } from '@lg/runtime'
import type { SpecFault } from './errors.ts'

type Field = SpecFault['field']

/** Collects what is wrong with the fields of one request. Values come from callers without types, too. */
export interface Faults {
  readonly found: readonly SpecFault[]
  add(field: Field, reason: string): void
  /** One line of text with something to see in it. */
  line(field: Field, value: unknown, limit?: number): void
  /** Any text, also empty. */
  text(field: Field, value: unknown, limit?: number): void
  branch(field: Field, value: unknown): void
  /** A list of names; of people when `login`. */
  names(field: Field, value: unknown, options?: { readonly login?: boolean }): void
  flag(field: Field, value: unknown): void
}

export function createFaults(): Faults {
  const found: SpecFault[] = []
  const add = (field: Field, reason: string): void => void found.push({ field, reason })
  const check = (field: Field, value: unknown, problem: (text: string) => string | undefined): void => {
    const reason = typeof value === 'string' ? problem(value) : 'it is not a string'
    if (reason !== undefined) add(field, reason)
  }
  return {
    found,
    add,
    line: (field, value, limit = Infinity) =>
      check(field, value, (text) => lineProblem(text) ?? lengthProblem(text, limit)),
    text: (field, value, limit = Infinity) =>
      check(field, value, (text) => textProblem(text) ?? lengthProblem(text, limit)),
    branch: (field, value) => check(field, value, branchProblem),
    names(field, value, { login = false } = {}) {
      if (!Array.isArray(value)) return add(field, 'it is not a list')
      value.forEach((name: unknown, index) => {
        const reason =
          typeof name !== 'string' ? 'is not a string'
          : login && name.startsWith('@') ? 'is a login name, without "@"'
          : nameProblem(name)
        if (reason !== undefined) add(field, `entry ${index + 1} ${reason}`)
      })
    },
    flag(field, value) {
      if (typeof value !== 'boolean') add(field, 'it is neither true nor false')
    },
  }
}

/** A map, or a fault. */
export function recordOf(faults: Faults, field: Field, value: unknown): Record<string, unknown> | undefined {
  if (isRecord(value)) return value
  faults.add(field, 'it is not an object')
  return undefined
}

function textProblem(text: string): string | undefined {
  if (text.includes('\0')) return 'it has a NUL character'
  return /\p{Surrogate}/u.test(text) ? 'it is not well-formed Unicode' : undefined
}

function lineProblem(text: string): string | undefined {
  if (text.trim() === '') return 'it is empty'
  if (/[\n\r\u2028\u2029]/.test(text)) return 'it has more than one line'
  return hasControl(text) ? 'it has a control character' : textProblem(text)
}

function nameProblem(name: string): string | undefined {
  if (name.trim() === '') return 'is empty'
  if (name.trim() !== name) return 'has white space at an end'
  return hasControl(name) || textProblem(name) !== undefined ? 'has a character that no name has' : undefined
}

function branchProblem(name: string): string | undefined {
  if (name.startsWith('refs/'))
    return 'it is the full name of a ref; give the branch alone, without "refs/heads/"'
  try {
    checkBranchName(name)
    return undefined
  } catch (error) {
    if (gitErrors.is(error, 'INVALID_REF')) return error.details.reason
    throw error
  }
}

function lengthProblem(text: string, limit: number): string | undefined {
  if (text.length <= limit) return undefined
  const length = [...text].length
  return length > limit ?
      `it has ${length} characters, more than the ${limit} that the host takes`
    : undefined
}

// oxlint-disable-next-line no-control-regex
const hasControl = (text: string): boolean => /[\u0000-\u001f\u007f-\u009f]/.test(text)
