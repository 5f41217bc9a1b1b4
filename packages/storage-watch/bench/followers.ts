import { readFile } from 'node:fs/promises'
import { equalValues, keyId, keyOf, type KubernetesObject } from '@lg/runtime'
import type { Serializer } from '@lg/serializer'
import { createManifestStorage } from '@lg/storage-watch'
import { watch } from 'chokidar'

/** Objects of a directory, followed: told of each that is new or changed. */
interface Follower {
  close(): Promise<unknown>
}

export type Follow = (
  dir: string,
  serializer: Serializer,
  changed: (object: KubernetesObject) => void,
) => Promise<Follower>

/** Resolves when all that exists has been told. */
export const followWithStorage: Follow = (dir, serializer, changed) =>
  new Promise((resolve, reject) => {
    const storage = createManifestStorage({ dir, serializer })
    storage.events({ buffer: 100_000 }).subscribe({
      next(event) {
        if (event.type === 'synced') resolve(storage)
        else if ('object' in event) changed(event.object)
      },
      error: reject,
    })
  })

/** The same work on chokidar: read each file that it names, decode it, and compare it with what is known. */
export const followWithChokidar: Follow = async (dir, serializer, changed) => {
  const decoder = serializer.decoder()
  const known = new Map<string, KubernetesObject>()
  const pending = new Set<Promise<void>>()
  const read = async (path: string): Promise<void> => {
    let bytes = await readFile(path)
    // Between the truncation and the write of a file there is nothing to decode; it may be told of once only.
    for (; bytes.length === 0; bytes = await readFile(path))
      await new Promise((resolve) => setTimeout(resolve, 5))
    const object = await decoder.decodeDocument(bytes, { path })
    const id = keyId(keyOf(object))
    const before = known.get(id)
    known.set(id, object)
    if (before === undefined || !equalValues(before, object)) changed(object)
  }
  const look = (path: string): void => {
    const reading = read(path).finally(() => pending.delete(reading))
    pending.add(reading)
  }
  const watcher = watch(dir, {
    ignored: (path, stats) => stats?.isFile() === true && !path.endsWith('.yaml'),
  })
  watcher.on('add', look).on('change', look)
  await new Promise<void>((resolve) => watcher.on('ready', resolve))
  await Promise.all(pending)
  return watcher
}
