import { isLgError } from '@lg/runtime'
import { createRecognizer } from '@lg/serializer'
import { createMappedRawStorage } from '@lg/storage-raw'
import { keyOf, textOf } from './cars.ts'

/** Works on a tree as somebody who may not do everything in it, and tells what happened. */
const [dir = ''] = process.argv.slice(2)
if (process.getuid?.() === 0) {
  process.setgid?.(65_534)
  process.setuid?.(65_534)
}
const storage = createMappedRawStorage({
  dir,
  recognize: createRecognizer(),
  template: 'readonly/{name}.yaml',
})
const outcome = async (work: Promise<unknown>): Promise<unknown> => {
  try {
    await work
    return 'nothing'
  } catch (error) {
    return isLgError(error) ? [error.code, (error.details as { reason?: string }).reason] : String(error)
  }
}
const names = (await storage.list()).map(({ key }) => key.name)
const result = {
  names,
  problems: (await storage.problems()).map(({ type, location }) => [type, location.path]),
  read: await outcome(storage.keysOf('secret.yaml')),
  update: await outcome(storage.write(keyOf('open'), Buffer.from(textOf('open', 'new')))),
  create: await outcome(storage.write(keyOf('new'), Buffer.from(textOf('new', 'new')))),
  delete: await outcome(storage.delete(keyOf('open'))),
}
process.stdout.write(JSON.stringify(result))
