import { isRecord } from '@lg/runtime'
import type { CheckExchange, HostExchange } from '@lg/test-kit'
import { Ajv, type ValidateFunction } from 'ajv'
import { formatFragment, parsePointer, valueAt } from './json-pointer.ts'

/** Answers that any request may get, described or not. */
const anywhere = new Set([401, 403, 404, 410, 429])

/**
 * A check against an OpenAPI 3.0 or Swagger 2.0 description. Paths that it does not have are not checked.
 *
 * @param prefix what its paths have before those of an exchange.
 */
export function createChecker(given: unknown, prefix: string): CheckExchange {
  const isSwagger = isRecord(given) && given['swagger'] === '2.0'
  const document = withNull(given)
  const ajv = new Ajv({
    strict: false,
    validateSchema: false,
    logger: false,
    allErrors: true,
    formats: {
      'date-time': { validate: (text: string) => !Number.isNaN(Date.parse(text)) },
      uri: URL.canParse,
    },
  })
  ajv.addSchema(document as object, 'api')
  const compiled = new Map<string, ValidateFunction>()

  const validate = (schema: readonly string[], value: unknown): readonly string[] => {
    const fragment = formatFragment(schema)
    const check = compiled.get(fragment) ?? ajv.compile({ $ref: `api#${fragment}` })
    compiled.set(fragment, check)
    // Swagger 2.0 cannot say null, and the servers do.
    if (check(isSwagger ? withoutNulls(value) : value)) return []
    return (check.errors ?? [])
      .slice(0, 5)
      .map((error) => `${error.instancePath || '(all)'} ${error.message}`)
  }
  /** Follows references: the pointer to what is meant. */
  const resolve = (pointer: readonly string[]): readonly string[] => {
    const value = valueAt(document, pointer)
    return isRecord(value) && typeof value['$ref'] === 'string' ?
        resolve(parsePointer(value['$ref']))
      : pointer
  }
  const paths = Object.keys((valueAt(document, ['paths']) ?? {}) as object)

  return (exchange) => {
    const template = bestTemplate(paths, `${prefix}${exchange.path}`)
    if (template === undefined) return []
    const operation = ['paths', template, exchange.method.toLowerCase()]
    const where = `${exchange.method} ${template}`
    if (valueAt(document, operation) === undefined) return [`${where}: there is no such method`]
    const found = [...requestProblems(exchange, operation), ...answerProblems(exchange, operation)]
    return found.map((problem) => `${where}: ${problem}`)
  }

  function requestProblems({ query, body }: HostExchange, operation: readonly string[]): readonly string[] {
    const parameters = parametersOf(operation)
    const named = new Set(parameters.map(({ value }) => value['name']))
    const unknown = [...new Set(query.keys())].filter((name) => !named.has(name) && !named.has(`${name}[]`))
    const problems = unknown.map((name) => `unknown query parameter ${name}`)
    const inBody = parameters.find(({ value }) => value['in'] === 'body')
    const pointer = resolve([...operation, 'requestBody'])
    const schema =
      inBody ? [...inBody.pointer, 'schema'] : [...pointer, 'content', 'application/json', 'schema']
    if (body === undefined || valueAt(document, schema) === undefined) return problems
    return [...problems, ...validate(schema, body), ...unknownFields(schema, body)].map(
      (problem) => `request: ${problem}`,
    )
  }

  function parametersOf(
    operation: readonly string[],
  ): readonly { value: Record<string, unknown>; pointer: readonly string[] }[] {
    return [operation.slice(0, -1), operation].flatMap((owner) => {
      const list = valueAt(document, [...owner, 'parameters'])
      if (!Array.isArray(list)) return []
      return list.map((_, index) => {
        const pointer = resolve([...owner, 'parameters', String(index)])
        return { value: valueAt(document, pointer) as Record<string, unknown>, pointer }
      })
    })
  }

  /** A description lets unknown fields pass; the server ignores them, and so would the test. */
  function unknownFields(schema: readonly string[], body: unknown): readonly string[] {
    const known = valueAt(document, resolve(schema))
    if (!isRecord(body) || !isRecord(known) || !isRecord(known['properties'])) return []
    const { properties } = known
    if ('anyOf' in known || 'oneOf' in known || 'allOf' in known) return []
    return Object.keys(body).flatMap((field) =>
      Object.hasOwn(properties, field) ? [] : [`unknown field ${field}`],
    )
  }

  function answerProblems({ answer }: HostExchange, operation: readonly string[]): readonly string[] {
    if (answer === undefined) return []
    const { status, body } = answer
    const response = resolve([...operation, 'responses', String(status)])
    if (valueAt(document, response) === undefined) {
      return anywhere.has(status) || status >= 500 ? [] : [`answer: status ${status} is not described`]
    }
    const schema =
      isSwagger ? [...response, 'schema'] : [...response, 'content', 'application/json', 'schema']
    if (body === undefined || valueAt(document, schema) === undefined) return []
    return validate(schema, body).map((problem) => `answer ${status}: ${problem}`)
  }
}

/** The path with most parts that are no parameter. */
function bestTemplate(templates: readonly string[], path: string): string | undefined {
  const parts = path.split('/')
  const literal = (template: string): number =>
    template.split('/').filter((part) => !part.startsWith('{')).length
  const fits = (template: string): boolean => {
    const wanted = template.split('/')
    return (
      wanted.length === parts.length &&
      wanted.every((part, index) => part.startsWith('{') || part === parts[index])
    )
  }
  return templates.filter(fits).sort((one, other) => literal(other) - literal(one))[0]
}

/** OpenAPI 3.0 says `nullable`, which JSON Schema does not know. */
function withNull(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withNull)
  if (!isRecord(value)) return value
  const { nullable, ...rest } = Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [name, withNull(entry)]),
  )
  if (nullable !== true) return nullable === undefined || nullable === false ? rest : { ...rest, nullable }
  return { anyOf: [rest, { type: 'null' }] }
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (!isRecord(value)) return value
  const entries = Object.entries(value).filter(([, entry]) => entry !== null)
  return Object.fromEntries(entries.map(([name, entry]) => [name, withoutNulls(entry)]))
}
