import { expect, test } from 'vitest'
import { editYaml, planReconcile, reconcileYaml } from '../src/index.ts'

const text = `spec:
  replicas: 3   # two are not enough
  containers:
  # the sidecar
  - name: proxy
    image: proxy:1.0
  - name: app
    image: "app:1.0"
`

test('the example of the README holds', () => {
  expect(editYaml(text, [{ op: 'set', path: ['spec', 'replicas'], value: 5 }])).toBe(text.replace('3 ', '5 '))

  const containers = [
    { name: 'app', image: 'app:1.1' },
    { name: 'proxy', image: 'proxy:1.0' },
  ]
  expect(reconcileYaml(text, { spec: { replicas: 3, containers } })).toBe(`spec:
  replicas: 3   # two are not enough
  containers:
  - name: app
    image: "app:1.1"
  # the sidecar
  - name: proxy
    image: proxy:1.0
`)

  expect(planReconcile(text, { spec: 1 }).ledger[0]).toEqual({
    comment: '# two are not enough',
    line: 2,
    path: ['spec'],
    outcome: 'kept',
  })
})
