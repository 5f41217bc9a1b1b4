import { readdir } from 'node:fs/promises'
import { isLgError } from '@lg/runtime'
import { createRecognizer } from '@lg/serializer'
import { createMappedRawStorage } from '@lg/storage-raw'
import { keyOf, textOf } from './cars.ts'

/** Writes more than the disk holds, and tells what happened. */
const [dir = ''] = process.argv.slice(2)
const storage = createMappedRawStorage({ dir, recognize: createRecognizer(), template: '{name}.yaml' })
await storage.write(keyOf('foo'), Buffer.from(textOf('foo', 'old')))
const attempt = async (name: string): Promise<unknown> => {
  try {
    await storage.write(keyOf(name), Buffer.from(textOf(name, 'new'.repeat(1000), 1000)))
    return 'written'
  } catch (error) {
    return isLgError(error) ? { code: error.code, details: error.details } : String(error)
  }
}
const update = await attempt('foo')
const create = await attempt('bar')
const { bytes } = await storage.read(keyOf('foo'))
const stillWorks = await storage.write(keyOf('small'), Buffer.from(textOf('small', 'fits'))).then(() => true)
const result = { update, create, text: Buffer.from(bytes).toString(), stillWorks, files: await readdir(dir) }
process.stdout.write(JSON.stringify(result))
