import { isLgError } from '@lg/runtime'
import { createRecognizer } from '@lg/serializer'
import { createMappedRawStorage } from '@lg/storage-raw'
import { countOf, keyOf, textOf } from './cars.ts'

/** Counts one document up and makes another, so many times, beside others who do the same; prints when it is done. */
const [dir = '', name = '', times = ''] = process.argv.slice(2)
const storage = createMappedRawStorage({
  dir,
  recognize: createRecognizer(),
  template: 'cars/all.yaml',
  fsync: false,
})

/** Does it again as long as others are faster. */
async function persist(write: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await write()
      return
    } catch (error) {
      if (!isLgError(error, 'CONFLICT')) throw error
    }
  }
}

for (let turn = 0; turn < Number(times); turn++) {
  await persist(async () => {
    const { bytes, version } = await storage.read(keyOf('counter'))
    const next = textOf('counter', String(countOf(bytes) + 1))
    await storage.write(keyOf('counter'), Buffer.from(next), { expected: version })
  })
  const own = `${name}-${turn}`
  await persist(() => storage.write(keyOf(own), Buffer.from(textOf(own, 'x')), { expected: null }))
}
process.stdout.write('"done"')
