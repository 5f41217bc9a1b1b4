import { createMemoryRawStorage, createMappedRawStorage } from '@lg/storage-raw'
import { createClient, createStorage } from '@lg/storage'
import { createTree } from '@lg/test-kit'
import { expect, it } from 'vitest'
import { Car, car, createCarSerializer } from './car.ts'

it('works end to end', async () => {
  const storage = createStorage({ raw: createMemoryRawStorage(), serializer: createCarSerializer() })
  const cars = createClient(storage, Car)
  await cars.create(car('foo'))
  const found = await cars.get('foo')
  expect(found).toEqual(car('foo'))
  found.status = { speed: 24.7 }
  await cars.update(found)
  expect((await cars.list()).map(({ status }) => status?.speed)).toEqual([24.7])
  await cars.patch('foo', { type: 'merge', patch: { status: { speed: 3 } } })
  expect((await cars.get('foo')).status?.speed).toBe(3)
})

it('keeps comments', async () => {
  const tree = await createTree({
    'cars.yaml': `# header\napiVersion: example.org/v1\nkind: Car # c\nmetadata:\n  name: foo\nstatus:\n  speed: 1 # fast\n  distance: 12176941420362965433\n---\n# other\nkind: Other\n`,
  })
  const serializer = createCarSerializer()
  const raw = createMappedRawStorage({ dir: tree.dir, recognize: serializer.recognize })
  const storage = createStorage({ raw, serializer })
  const cars = createClient(storage, Car)
  const foo = await cars.get('foo')
  foo.status!.speed = 24.7
  const result = await cars.update(foo)
  expect(result.plan.ledger).toEqual([])
  expect(await tree.read('cars.yaml')).toContain('speed: 24.7 # fast')
  await tree.close()
})
