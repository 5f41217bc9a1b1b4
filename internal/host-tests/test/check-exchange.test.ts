import type { HostExchange } from '@lg/test-kit'
import { describe, expect, it } from 'vitest'
import { createChecker } from '../src/check-exchange.ts'

const car = {
  type: 'object',
  required: ['name', 'owner'],
  properties: { name: { type: 'string' }, owner: { type: 'string', nullable: true } },
}
const openApi = {
  openapi: '3.0.3',
  paths: {
    '/cars/{name}': {
      parameters: [{ name: 'name', in: 'path' }],
      patch: {
        parameters: [{ name: 'force', in: 'query' }],
        requestBody: {
          content: { 'application/json': { schema: { properties: { owner: { type: 'string' } } } } },
        },
        responses: { 200: { $ref: '#/components/responses/Car' } },
      },
    },
    '/cars/all': { get: { responses: { 204: {} } } },
  },
  components: {
    schemas: { car },
    responses: { Car: { content: { 'application/json': { schema: { $ref: '#/components/schemas/car' } } } } },
  },
}
const swagger = {
  swagger: '2.0',
  paths: {
    '/cars/{name}': {
      patch: {
        parameters: [{ name: 'body', in: 'body', schema: { $ref: '#/definitions/Change' } }],
        responses: { 200: { $ref: '#/responses/Car' } },
      },
    },
  },
  responses: { Car: { schema: { $ref: '#/definitions/Car' } } },
  definitions: { Car: { ...car, required: ['name'] }, Change: { properties: { owner: { type: 'string' } } } },
}

function exchange(changes: Partial<HostExchange>): HostExchange {
  const request = {
    method: 'PATCH',
    path: '/cars/fast',
    query: new URLSearchParams(),
    headers: {},
    body: { owner: 'ann' },
  }
  return {
    ...request,
    answer: { status: 200, body: { name: 'fast', owner: null } },
    fault: undefined,
    ...changes,
  }
}

describe.each([
  ['OpenAPI 3.0', openApi],
  ['Swagger 2.0', swagger],
])('a description in %s', (_, document) => {
  const check = createChecker(document, '')
  it.each<[string, Partial<HostExchange>, readonly string[]]>([
    ['what agrees', {}, []],
    ['a path that it does not have', { path: '/bikes' }, []],
    ['a method that it does not have', { method: 'PUT' }, ['there is no such method']],
    [
      'an unknown query parameter',
      { query: new URLSearchParams('x=1') },
      ['request: unknown query parameter x'],
    ],
    ['an unknown field', { body: { owners: 'ann' } }, ['request: unknown field owners']],
    ['a field of another type', { body: { owner: 1 } }, ['request: /owner must be string']],
    [
      'an answer without a field',
      { answer: { status: 200, body: { owner: 'ann' } } },
      [`answer 200: (all) must have required property 'name'`],
    ],
    [
      'an answer of another status',
      { answer: { status: 201, body: {} } },
      ['answer: status 201 is not described'],
    ],
    ['an answer that any request may get', { answer: { status: 429 } }, []],
    ['a connection that was cut', { answer: undefined }, []],
  ])('tells %s', (_, changes, problems) => {
    const found = check(exchange(changes)).map((problem) => problem.replace(/^\w+ \/cars\/\{name\}: /, ''))
    expect(found).toEqual(problems)
  })
})

describe('a path', () => {
  it('is that with most fixed parts, below the prefix', () => {
    const check = createChecker(
      { ...openApi, paths: { '/v1/cars/{x}': {}, '/v1/cars/all': openApi.paths['/cars/all'] } },
      '/v1',
    )
    expect(
      check(exchange({ method: 'GET', path: '/cars/all', body: undefined, answer: { status: 204 } })),
    ).toEqual([])
    expect(check(exchange({ method: 'GET', path: '/cars/one', body: undefined }))).toEqual([
      'GET /v1/cars/{x}: there is no such method',
    ])
  })
})
