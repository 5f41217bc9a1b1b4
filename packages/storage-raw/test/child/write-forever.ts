import { createRecognizer } from '@lg/serializer'
import { createMappedRawStorage } from '@lg/storage-raw'
import { keyOf, textOf } from './cars.ts'

/** Writes one document again and again, each time with another mark, until somebody ends the process. */
const [dir = ''] = process.argv.slice(2)
const storage = createMappedRawStorage({
  dir,
  recognize: createRecognizer(),
  template: 'cars/all.yaml',
  fsync: false,
})
await storage.write(keyOf('other'), Buffer.from(textOf('other', 'untouched')))
for (let round = 0; ; round++) {
  await storage.write(keyOf('foo'), Buffer.from(textOf('foo', `mark${round}`, 5000)))
  if (round === 1) process.stdout.write('ready\n')
}
