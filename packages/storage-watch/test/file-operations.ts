import { cp, mkdir, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { widget } from '@lg/storage/testing'
import fc from 'fast-check'
import type { Tree } from '@lg/test-kit'
import { widgetKey, widgetText, type Watched } from './watched.ts'

/** Something that anybody may do to the files; what cannot be done is left undone, as a shell would. */
export type Operation =
  | { readonly type: 'write' | 'writeBeside' | 'writeInHalves'; readonly path: string; readonly text: string }
  | {
      readonly type: 'append' | 'break' | 'mend' | 'truncate' | 'remove' | 'makeFolder'
      readonly path: string
    }
  | { readonly type: 'move' | 'link' | 'copy'; readonly from: string; readonly path: string }
  /** Through the storage itself, which may refuse. */
  | { readonly type: 'create' | 'update' | 'delete'; readonly name: string; readonly size: number }
  /** What was done so far is taken over. */
  | { readonly type: 'sync' }

const folders = ['', 'a', 'a/c', 'b.yaml']
const names = ['x.yaml', 'y.yaml', 'y.txt']
const folder = fc.constantFrom(...folders.slice(1))
const file = fc
  .tuple(fc.constantFrom(...folders), fc.constantFrom(...names))
  .map(([at, name]) => (at === '' ? name : `${at}/${name}`))
const place = fc.oneof(file, folder)

const name = fc.constantFrom('p', 'q', 'r', 's')
const breakage = '\nspec: [\n'

/** A file of no, one or several documents: few names, so that objects come up twice. */
const text = fc
  .array(
    fc.oneof(
      {
        weight: 8,
        arbitrary: fc.tuple(name, fc.nat(3)).map(([name, size]) => widgetText(name, size)),
      },
      { weight: 1, arbitrary: fc.constant('kind: Unrelated\n') },
      { weight: 1, arbitrary: fc.constant('# nothing\n') },
      { weight: 1, arbitrary: fc.constant(widgetText('p').replace('size: 1', 'size: 1.5')) },
    ),
    { maxLength: 3 },
  )
  .map((documents) => documents.join('---\n'))

export const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constantFrom('write', 'writeBeside', 'writeInHalves'),
      path: file,
      text,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constantFrom('append', 'break', 'break', 'mend', 'truncate', 'remove'),
      path: file,
    }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constantFrom('makeFolder', 'remove'), path: folder }) },
  { weight: 2, arbitrary: fc.constant({ type: 'sync' }) },
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constantFrom('create', 'update', 'delete'), name, size: fc.nat(3) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constantFrom('move', 'link', 'copy'), from: place, path: place }),
  },
) as fc.Arbitrary<Operation>

export async function perform({ tree, storage }: Watched, operation: Operation): Promise<void> {
  try {
    switch (operation.type) {
      case 'sync':
        return await storage.sync()
      case 'create':
        return void (await storage.create(widget(operation.name, { size: operation.size })))
      case 'update':
        return void (await storage.update(widget(operation.name, { size: operation.size })))
      case 'delete':
        return void (await storage.delete(widgetKey(operation.name)))
      default:
        return await attempt(tree, operation)
    }
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).code !== 'string') throw error
  }
}

type FileOperation = Extract<Operation, { readonly path: string }>

async function attempt(tree: Tree, operation: FileOperation): Promise<void> {
  const path = tree.path(operation.path)
  const makeRoom = (): Promise<unknown> => mkdir(dirname(path), { recursive: true })
  switch (operation.type) {
    case 'write':
      await makeRoom()
      return await writeFile(path, operation.text)
    case 'writeBeside':
      await makeRoom()
      await writeFile(`${path}.new`, operation.text)
      return await rename(`${path}.new`, path)
    case 'writeInHalves': {
      const half = Math.floor(operation.text.length / 2)
      await makeRoom()
      await writeFile(path, operation.text.slice(0, half))
      return await writeFile(path, operation.text.slice(half), { flag: 'a' })
    }
    case 'append':
      return await writeFile(path, '# more\n', { flag: 'r+' })
    case 'break':
      return await writeFile(path, breakage, { flag: 'a' })
    case 'mend':
      return await writeFile(path, (await readFile(path, 'utf8')).replaceAll(breakage, ''))
    case 'truncate':
      return await truncate(path)
    case 'remove':
      return await rm(path, { recursive: true })
    case 'makeFolder':
      return void (await mkdir(path, { recursive: true }))
    case 'move':
      return await rename(tree.path(operation.from), path)
    case 'copy':
      return await cp(tree.path(operation.from), path, { recursive: true })
    case 'link':
      return await symlink(tree.path(operation.from), path)
  }
}
