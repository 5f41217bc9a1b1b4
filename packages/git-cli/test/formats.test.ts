import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createGitCli } from '@lg/git-cli'
import type { FileChange } from '@lg/git'
import { formatCommit, parseCommit } from '@lg/git/node'
import type { ObjectReply } from '@lg/git/node'
import { createBatchParser } from '../src/batch-parser.ts'
import { commit, createFolder } from './fixture.ts'

describe('the output of cat-file', () => {
  const oid = 'a'.repeat(40)
  const object = fc.uint8Array({ maxLength: 200 }).map((bytes): ObjectReply & { type: 'object' } => ({
    type: 'object',
    oid,
    kind: 'blob',
    size: bytes.length,
    bytes,
  }))
  const reply = fc.oneof(
    object.map((value) => ({ reply: value as ObjectReply, body: true })),
    object.map((value) => ({ reply: { ...value, bytes: new Uint8Array(0) } as ObjectReply, body: false })),
    fc.constantFrom('missing', 'ambiguous').map((type) => ({ reply: { type } as ObjectReply, body: true })),
  )

  it('is cut into the same replies wherever the pipe cuts it', () => {
    fc.assert(
      fc.property(
        fc.array(reply, { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 30 })),
        (replies, cuts) => {
          const stream = Buffer.concat(
            replies.flatMap(({ reply: { type, ...rest }, body }) => {
              if (type !== 'object') return [Buffer.from(`name ${type}\n`)]
              const { kind, size, bytes } = rest as Extract<ObjectReply, { type: 'object' }>
              return [Buffer.from(`${oid} ${kind} ${size}\n`), ...(body ? [bytes, Buffer.from('\n')] : [])]
            }),
          )
          const seen: ObjectReply[] = []
          const parser = createBatchParser(
            () => replies[seen.length]?.body === true,
            (value) => seen.push(value),
          )
          let at = 0
          for (const cut of cuts) parser.push(stream.subarray(at, (at += cut)))
          parser.push(stream.subarray(at))
          expect(seen).toEqual(replies.map((expected) => expected.reply))
        },
      ),
    )
  })
})

describe('a commit object', () => {
  const line = fc
    .string({ unit: fc.constantFrom('a', 'Ü', ' ', '.', '☃', '"', '-'), minLength: 1, maxLength: 12 })
    .filter((text) => text === text.trim())
  const signature = fc.record({
    name: line,
    email: line,
    time: fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => seconds * 1000),
    offset: fc.integer({ min: -840, max: 840 }),
  })

  it('is read as it was written', () => {
    fc.assert(
      fc.property(signature, signature, fc.string({ unit: 'grapheme' }), (author, committer, text) => {
        const message = `${text.replaceAll('\0', '')}\n`
        const parents = ['b'.repeat(40), 'c'.repeat(40)]
        const bytes = formatCommit('a'.repeat(40), { parents, author, committer, message })
        expect(parseCommit('d'.repeat(40), bytes)).toEqual({
          oid: 'd'.repeat(40),
          tree: 'a'.repeat(40),
          parents,
          author,
          committer,
          message,
        })
      }),
    )
  })

  it('of others is read too: signed, in another encoding, with a strange signature', () => {
    const text = [
      `tree ${'a'.repeat(40)}`,
      'author Jos\xe9 <j@example.com> 1700000000 +0130',
      'committer  <> 0 -0800',
      'gpgsig -----BEGIN PGP SIGNATURE-----',
      ' parent eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee',
      ' -----END PGP SIGNATURE-----',
      'encoding ISO-8859-1',
      '',
      'caf\xe9\n',
    ]
    expect(parseCommit('d'.repeat(40), Buffer.from(text.join('\n'), 'latin1'))).toEqual({
      oid: 'd'.repeat(40),
      tree: 'a'.repeat(40),
      parents: [],
      author: { name: 'José', email: 'j@example.com', time: 1_700_000_000_000, offset: 90 },
      committer: { name: '', email: '', time: 0, offset: -480 },
      message: 'café\n',
    })
  })
})

describe('trees', () => {
  const names = ['a', 'a.b', 'a-b', 'a0', 'b', 'ab', 'é', 'Z']
  const path = fc
    .array(fc.constantFrom(...names), { minLength: 1, maxLength: 3 })
    .map((parts) => parts.join('/'))
  const step = fc.array(fc.tuple(path, fc.option(fc.string({ maxLength: 4 }))), {
    minLength: 1,
    maxLength: 5,
  })

  it('after any changes are the ones that git writes', async () => {
    const root = await createFolder()
    const store = await createGitCli().open({ dir: join(root, 'store') })
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 5 }), async (steps) => {
          const files = new Map<string, string>()
          let head: string | undefined
          for (const wanted of steps) {
            const changes = plan(files, wanted)
            head = await commit(store, head === undefined ? [] : [head], ...changes)
            const listed = await store.listTree(head)
            expect(listed.map((entry) => entry.path)).toEqual(Array.from(files.keys()).sort())
          }
          const { tree } = await store.readCommit(head ?? '')
          const lines = Array.from(files, ([name, text]) => {
            const oid = store.hashBlob(new TextEncoder().encode(text))
            return `100644 ${oid}\t${name}\0`
          })
          const env = { ...process.env, GIT_DIR: store.dir, GIT_INDEX_FILE: join(root, 'index') }
          execFileSync('git', ['read-tree', '--empty'], { env })
          execFileSync('git', ['update-index', '-z', '--index-info'], { env, input: lines.join('') })
          expect(tree).toBe(execFileSync('git', ['write-tree'], { env, encoding: 'utf8' }).trim())
        }),
        { numRuns: 40 },
      )
      expect(
        execFileSync('git', ['-C', store.dir, 'fsck', '--strict', '--no-dangling'], { encoding: 'utf8' }),
      ).toBe('')
    } finally {
      await store.close()
    }
  })
})

/** The wish as changes that the port takes, and the files as they are then. */
function plan(
  files: Map<string, string>,
  wanted: readonly (readonly [string, string | null])[],
): readonly FileChange[] {
  const changes = new Map<string, FileChange>()
  for (const [path, text] of wanted) {
    if (changes.has(path)) continue
    const clashes = Array.from(files.keys()).filter(
      (name) => name.startsWith(`${path}/`) || path.startsWith(`${name}/`),
    )
    if (clashes.some((name) => changes.get(name)?.type === 'write')) continue
    if (text === null) {
      if (!files.delete(path)) continue
      changes.set(path, { type: 'delete', path })
      continue
    }
    for (const name of clashes) {
      files.delete(name)
      changes.set(name, { type: 'delete', path: name })
    }
    files.set(path, text)
    changes.set(path, { type: 'write', path, content: new TextEncoder().encode(text) })
  }
  return Array.from(changes.values())
}
