import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isLgError } from '@lg/runtime'
import { createSerializer } from '@lg/serializer'
import { conformanceScheme, Widget } from '@lg/storage/testing'
import { createFolderWatcher, createManifestStorage, createParcelWatcher } from '@lg/storage-watch'

/** Watches a tree where the system allows for less, and tells what happened. */
const [dir = '', by] = process.argv.slice(2)
const storage = createManifestStorage({
  dir,
  serializer: createSerializer({ scheme: conformanceScheme() }),
  watcher: by === 'parcel' ? createParcelWatcher() : createFolderWatcher(),
  pollInterval: 20,
})
await storage.start()
const warnings: [string, unknown][] = []
const added = await new Promise<string>((resolve) => {
  storage.events().subscribe((event) => {
    if (event.type === 'synced') {
      const text = `apiVersion: ${Widget.group}/v1\nkind: Widget\nmetadata: {name: late}\n`
      mkdirSync(join(dir, 'more/and/more/folders'), { recursive: true })
      writeFileSync(join(dir, 'more/and/more/folders/late.yaml'), text)
    }
    if (event.type === 'error' && isLgError(event.error))
      warnings.push([event.error.code, event.error.details])
    if (event.type === 'added' && event.initial !== true) resolve(event.key.name)
  })
})
await storage.close()
process.stdout.write(JSON.stringify({ warnings, added }))
