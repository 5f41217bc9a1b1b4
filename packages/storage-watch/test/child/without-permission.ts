import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSerializer } from '@lg/serializer'
import { conformanceScheme, Widget } from '@lg/storage/testing'
import { createManifestStorage } from '@lg/storage-watch'

/** Watches a tree of its own, of which a part is closed and opened again, and tells what happened. */
const [dir = ''] = process.argv.slice(2)
if (process.getuid?.() === 0) {
  process.setgid?.(65_534)
  process.setuid?.(65_534)
}
const text = (name: string): string =>
  `apiVersion: ${Widget.group}/v1\nkind: Widget\nmetadata: {name: ${name}}\n`
const storage = createManifestStorage({
  dir,
  serializer: createSerializer({ scheme: conformanceScheme() }),
  fsync: false,
})
const events: string[] = []
const until = (line: string): Promise<void> =>
  new Promise((resolve) => {
    storage.events().subscribe((event) => {
      const found = 'key' in event ? `${event.type} ${event.key.name}` : event.type
      if (found === line) resolve()
    })
  })
storage.events().subscribe((event) => {
  if ('error' in event) events.push(event.error.message)
  else events.push('key' in event ? `${event.type} ${event.key.name}` : event.type)
})
await storage.start()
const closed = join(dir, 'closed')
chmodSync(closed, 0)
writeFileSync(join(dir, 'b.yaml'), text('b'))
await until('added b')
await storage.sync()
const problems = (await storage.problems()).map(({ type, location }) => [type, location.path])
const known = await storage.count(Widget)
chmodSync(closed, 0o755)
await storage.sync()
writeFileSync(join(closed, 'c.yaml'), text('c'))
await until('added c')
await storage.close()
process.stdout.write(JSON.stringify({ events, problems, known }))
