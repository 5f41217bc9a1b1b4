import { isRecord } from '@lg/runtime'
import { metadataFilter } from './combine.ts'
import { invalidFilter } from './errors.ts'
import type { ObjectFilter } from './filter.ts'
import { createSelectorReader } from './selector-reader.ts'

/** One condition on one label. A label that is not there satisfies `!=`, `notin` and `!`. */
export type LabelRequirement =
  | { readonly key: string; readonly operator: 'in' | 'notin'; readonly values: readonly string[] }
  | { readonly key: string; readonly operator: 'exists' | 'absent' }
  | { readonly key: string; readonly operator: '>' | '<'; readonly value: bigint }

/** A label selector as it stands in manifests. */
export interface LabelSelectorObject {
  readonly matchLabels?: Readonly<Record<string, string>> | undefined
  readonly matchExpressions?:
    | readonly {
        readonly key: string
        readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist'
        readonly values?: readonly string[] | undefined
      }[]
    | undefined
}

/**
 * Objects by label, in Kubernetes' own syntax: `a=b`, `a==b`, `a!=b`, `a in (x,y)`, `a notin (x,y)`, `a`, `!a`,
 * `a>1`, `a<1`, joined by commas that mean and; or as the object that manifests hold. An empty selector keeps all.
 *
 * @throws {LgError} `INVALID_FILTER`; for text with the position.
 * @example
 * ```ts
 * await storage.list(Car, { filter: labelSelector('team in (red,blue),!retired') })
 * ```
 */
export function labelSelector(selector: string | LabelSelectorObject): ObjectFilter {
  const requirements = typeof selector === 'string' ? parseLabelSelector(selector) : fromObject(selector)
  return metadataFilter(({ metadata }) => {
    const labels = isRecord(metadata.labels) ? metadata.labels : {}
    return requirements.every((requirement) => {
      const value = Object.hasOwn(labels, requirement.key) ? labels[requirement.key] : undefined
      return satisfies(value === undefined || value === null ? undefined : String(value), requirement)
    })
  })
}

/** @throws {LgError} `INVALID_FILTER` with the position. */
export function parseLabelSelector(text: string): readonly LabelRequirement[] {
  const reader = createSelectorReader(text, 'labels')
  const requirements: LabelRequirement[] = []
  if (reader.atEnd()) return requirements
  do {
    if (reader.take('!')) {
      requirements.push({ key: reader.word('a label'), operator: 'absent' })
      continue
    }
    const key = reader.word('a label')
    if (reader.take('==') || reader.take('=')) {
      requirements.push({ key, operator: 'in', values: [reader.optionalWord()] })
    } else if (reader.take('!=')) {
      requirements.push({ key, operator: 'notin', values: [reader.optionalWord()] })
    } else if (reader.take('>')) {
      requirements.push({ key, operator: '>', value: reader.integer() })
    } else if (reader.take('<')) {
      requirements.push({ key, operator: '<', value: reader.integer() })
    } else if (reader.takeWord('in')) {
      requirements.push({ key, operator: 'in', values: reader.list() })
    } else if (reader.takeWord('notin')) {
      requirements.push({ key, operator: 'notin', values: reader.list() })
    } else {
      requirements.push({ key, operator: 'exists' })
    }
  } while (reader.takeSeparator())
  return requirements
}

function fromObject(selector: LabelSelectorObject): readonly LabelRequirement[] {
  if (!isRecord(selector)) throw invalidFilter('labels', 'it is neither a text nor a map')
  const { matchLabels = {}, matchExpressions = [], ...unknown } = selector
  // A misspelt field would keep every object.
  const [field] = Object.keys(unknown)
  if (field !== undefined) throw invalidFilter('labels', `it has no field ${JSON.stringify(field)}`)
  if (!isRecord(matchLabels)) throw invalidFilter('labels', 'matchLabels is not a map')
  if (!Array.isArray(matchExpressions)) throw invalidFilter('labels', 'matchExpressions is not a list')
  const requirements: LabelRequirement[] = Object.entries(matchLabels).map(([key, value]) => {
    if (typeof value !== 'string') throw invalidFilter('labels', `the value of ${key} is not a string`)
    return { key, operator: 'in', values: [value] }
  })
  for (const expression of matchExpressions as readonly unknown[]) {
    const { key, operator, values = [] } = isRecord(expression) ? expression : {}
    if (typeof key !== 'string' || key === '') throw invalidFilter('labels', 'an expression has no key')
    if (!isListOfStrings(values))
      throw invalidFilter('labels', `the values of ${key} are not a list of strings`)
    switch (operator) {
      case 'In':
      case 'NotIn':
        if (values.length === 0) throw invalidFilter('labels', `${operator} of ${key} has no values`)
        requirements.push({ key, operator: operator === 'In' ? 'in' : 'notin', values })
        break
      case 'Exists':
      case 'DoesNotExist':
        if (values.length > 0) throw invalidFilter('labels', `${operator} of ${key} takes no values`)
        requirements.push({ key, operator: operator === 'Exists' ? 'exists' : 'absent' })
        break
      default:
        throw invalidFilter(
          'labels',
          `${String(operator)} of ${key} is not In, NotIn, Exists or DoesNotExist`,
        )
    }
  }
  return requirements
}

const isListOfStrings = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string')

function satisfies(value: string | undefined, requirement: LabelRequirement): boolean {
  switch (requirement.operator) {
    case 'exists':
      return value !== undefined
    case 'absent':
      return value === undefined
    case 'in':
      return value !== undefined && requirement.values.includes(value)
    case 'notin':
      return value === undefined || !requirement.values.includes(value)
    default: {
      if (value === undefined || !/^-?\d+$/.test(value)) return false
      return requirement.operator === '>' ?
          BigInt(value) > requirement.value
        : BigInt(value) < requirement.value
    }
  }
}
