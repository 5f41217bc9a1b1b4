import { keyId, objectKey, type KubernetesObject, type ObjectKey } from '@lg/runtime'
import { createSerializer } from '@lg/serializer'
import type { ObjectEvent, WatchOptions } from '@lg/storage'
import { conformanceScheme, Region, Widget } from '@lg/storage/testing'
import { createManifestStorage, type ManifestStorage, type ManifestStorageOptions } from '@lg/storage-watch'
import { createTree, type Tree } from '@lg/test-kit'

/** A tree with a storage on it, and all events of one watch since its start. */
export interface Watched {
  readonly tree: Tree
  readonly storage: ManifestStorage
  readonly events: readonly ObjectEvent[]
  /** What the events lead to, by key. */
  readonly objects: ReadonlyMap<string, KubernetesObject>
  /** Resolves as soon as this is true of the events so far. */
  until(isDone: (events: readonly ObjectEvent[]) => boolean): Promise<void>
  /** What the storage lists, by key. */
  listed(): Promise<Map<string, KubernetesObject>>
  close(): Promise<void>
}

export const serializer = createSerializer({ scheme: conformanceScheme() })

export async function createWatched(
  files: Readonly<Record<string, string>> = {},
  options: Partial<ManifestStorageOptions> = {},
): Promise<Watched> {
  const tree = await createTree(files)
  const storage = createManifestStorage({ dir: tree.dir, serializer, fsync: false, ...options })
  const watch = collect(storage)
  return {
    ...watch,
    tree,
    storage,
    async listed() {
      const found = new Map<string, KubernetesObject>()
      for (const kind of [Widget, Region]) {
        for (const { key, object } of await storage.list(kind, { entries: true }))
          found.set(keyId(key), object)
      }
      return found
    },
    async close() {
      await storage.close()
      await watch.ended
      await tree.close()
    },
  }
}

export interface Collected {
  readonly events: readonly ObjectEvent[]
  readonly objects: ReadonlyMap<string, KubernetesObject>
  readonly ended: Promise<void>
  until(isDone: (events: readonly ObjectEvent[]) => boolean): Promise<void>
}

/** Follows a watch and applies its events, strictly: an event that does not fit what came before is a failure. */
export function collect(storage: ManifestStorage, options?: WatchOptions): Collected {
  const events: ObjectEvent[] = []
  const objects = new Map<string, KubernetesObject>()
  const waiting = new Set<() => void>()
  let failure: unknown
  const follow = async (): Promise<void> => {
    for await (const event of storage.watch(options)) {
      events.push(event)
      apply(objects, event)
      waiting.forEach((look) => look())
    }
  }
  const ended = follow().catch((error: unknown) => {
    failure = error
    waiting.forEach((look) => look())
  })
  return {
    events,
    objects,
    ended,
    until: (isDone) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (failure !== undefined) return reject(failure as Error)
          if (!isDone(events)) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      }),
  }
}

function apply(objects: Map<string, KubernetesObject>, event: ObjectEvent): void {
  if (event.type === 'relist') return objects.clear()
  if (!('key' in event)) return
  const id = keyId(event.key)
  const isKnown = objects.has(id)
  if (isKnown !== (event.type !== 'added')) throw new Error(`${event.type} ${id}, known: ${isKnown}`)
  if (event.type === 'deleted') objects.delete(id)
  else objects.set(id, event.object)
}

export const isSynced = (events: readonly ObjectEvent[]): boolean =>
  events.some(({ type }) => type === 'synced')

/** `added a`, `synced`, `error`: what happened, in short. */
export const summarize = (events: readonly ObjectEvent[]): string[] =>
  events.map((event) => ('key' in event ? `${event.type} ${event.key.name}` : event.type))

export const widgetKey = (name: string): ObjectKey =>
  objectKey({ group: Widget.group, kind: Widget.kind, namespace: 'default', name })

export function widgetText(name: string, size = 1): string {
  return `apiVersion: ${Widget.group}/v1\nkind: Widget\nmetadata:\n  name: ${name}\nspec:\n  size: ${size}\n  color: red\n`
}
