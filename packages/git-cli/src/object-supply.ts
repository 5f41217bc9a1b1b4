import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { gitErrors } from '@lg/git'
import type { Oid } from '@lg/git'
import { notFound } from '@lg/git/node'
import type { ObjectFormat, ObjectKind, ObjectReply, ObjectWriter } from '@lg/git/node'
import { createBatchParser } from './batch-parser.ts'
import type { GitProcess } from './git-process.ts'
import { remoteName } from './remote-process.ts'
import type { RemoteProcess } from './remote-process.ts'

/** Single objects from the remote, by name. */
export interface ObjectSupply {
  /**
   * Brings contents that a partial store left out; calls at the same time share one fetch.
   *
   * @throws {LgError} `OBJECT_NOT_FOUND` when the remote does not have one of them.
   */
  bring(oids: readonly Oid[], signal?: AbortSignal): Promise<void>
  /** Fetches an object anew, and puts it over the damaged one. */
  restore(oid: Oid, signal?: AbortSignal): Promise<void>
}

export interface ObjectSupplyParts {
  readonly git: GitProcess
  readonly process: RemoteProcess
  readonly writer: ObjectWriter
  readonly format: ObjectFormat
  /** The repository's private folder. */
  readonly folder: string
}

interface Wish {
  readonly oids: readonly Oid[]
  settle(): void
  fail(error: unknown): void
}

/** As git itself does for such fetches: what is here says nothing about what is wanted. */
const withoutNegotiation = 'fetch.negotiationAlgorithm=noop'
const options = [
  '--quiet',
  '--no-tags',
  '--no-write-fetch-head',
  '--no-auto-maintenance',
  '--no-recurse-submodules',
]

export function createObjectSupply({
  git,
  process,
  writer,
  format,
  folder,
}: ObjectSupplyParts): ObjectSupply {
  const wishes: Wish[] = []
  let working = false

  const fetchMissing = async (oids: Iterable<Oid>): Promise<void> => {
    await process.run({
      operation: 'fetch',
      args: ['fetch', ...options, '--filter=blob:none', '--stdin', remoteName],
      input: `${Array.from(new Set(oids)).join('\n')}\n`,
      config: [withoutNegotiation],
    })
  }

  const grant = async (granted: readonly Wish[]): Promise<void> => {
    try {
      await fetchMissing(granted.flatMap(({ oids }) => oids))
      for (const wish of granted) wish.settle()
    } catch (error) {
      // One name that the remote does not know spoils it for all, so each is asked for by itself.
      if (granted.length > 1 && isUnknown(error)) for (const wish of granted) await grant([wish])
      else
        for (const wish of granted) wish.fail(isUnknown(error) ? notFound(unknownName(error), 'blob') : error)
    }
  }

  const work = async (): Promise<void> => {
    while (wishes.length > 0) await grant(wishes.splice(0))
  }

  const fetchAlone = async (
    oid: Oid,
    scratch: string,
    signal: AbortSignal | undefined,
  ): Promise<ObjectReply> => {
    const elsewhere = { elsewhere: true, env: { GIT_DIR: scratch }, signal }
    await git.succeed({
      operation: 'init',
      args: ['init', '--bare', '--quiet', '--template=', `--object-format=${format.name}`, scratch],
      elsewhere: true,
      signal,
    })
    await process.run({
      ...elsewhere,
      operation: 'fetch',
      args: ['fetch', ...options, '--depth=1', '--filter=tree:0', remoteName, oid],
      config: process.promisor('tree:0'),
    })
    const { raw } = await git.succeed({
      ...elsewhere,
      operation: 'cat-file',
      args: ['cat-file', '--batch'],
      input: `${oid}\n`,
    })
    let reply: ObjectReply = { type: 'missing' }
    const parser = createBatchParser(
      () => true,
      (value) => {
        reply = value
      },
    )
    parser.push(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength))
    return reply
  }

  return {
    bring: (oids, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const leave = (): void => reject(signal?.reason)
        signal?.addEventListener('abort', leave, { once: true })
        const stay = (): void => signal?.removeEventListener('abort', leave)
        wishes.push({
          oids,
          settle() {
            stay()
            resolve()
          },
          fail(error) {
            stay()
            reject(error)
          },
        })
        if (working) return
        working = true
        // After this turn, so that all who ask in it share a fetch.
        void Promise.resolve()
          .then(work)
          .finally(() => {
            working = false
          })
      }),
    async restore(oid, signal) {
      const scratch = join(folder, process.uniqueName('restore'))
      try {
        const reply = await fetchAlone(oid, scratch, signal)
        if (reply.type !== 'object') throw notFound(oid, 'object')
        const object = writer.make(reply.kind as ObjectKind, reply.bytes)
        if (object.oid !== oid) throw notFound(oid, 'object')
        await writer.write([object], { signal })
      } finally {
        await rm(scratch, { recursive: true, force: true })
      }
    },
  }
}

const unknown = /not our ref ([0-9a-f]{40,64})/

function isUnknown(error: unknown): error is Error {
  return gitErrors.is(error, 'GIT_FAILED') && unknown.test(error.message)
}

function unknownName({ message }: Error): Oid {
  return unknown.exec(message)?.[1] ?? ''
}
