/// <reference types="node" />
import type { FileMode } from '../commit.ts'
import type { Oid } from '../oid.ts'

/** One entry of a stored tree, by its place in the tree's bytes. */
export interface RawEntry {
  /** As stored, which for old repositories can be zero-padded: `40000`, `100644`. */
  readonly mode: string
  /** The name's bytes, one character each. */
  readonly name: string
  readonly oid: Oid
  readonly start: number
  readonly end: number
}

/** Entries of a tree object, in stored order. */
export function* scanTree(bytes: Uint8Array, oidLength: number): Generator<RawEntry> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let start = 0; start < buffer.length;) {
    const space = buffer.indexOf(0x20, start)
    const zero = buffer.indexOf(0, space)
    const end = zero + 1 + oidLength
    yield {
      mode: buffer.toString('latin1', start, space),
      name: buffer.toString('latin1', space + 1, zero),
      oid: buffer.toString('hex', zero + 1, end),
      start,
      end,
    }
    start = end
  }
}

export function isFolder(mode: string): boolean {
  return mode === '40000' || mode === '040000'
}

export function fileMode(mode: string): FileMode {
  const value = Number.parseInt(mode, 8)
  if ((value & 0o170000) === 0o120000) return 'symlink'
  if ((value & 0o170000) === 0o160000) return 'submodule'
  return (value & 0o100) === 0 ? 'file' : 'executable'
}

export function rawMode(mode: FileMode): string {
  return { file: '100644', executable: '100755', symlink: '120000', submodule: '160000' }[mode]
}

/** A name's bytes, one character each, so that names compare as Git compares them. */
export function rawName(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}

export function textName(raw: string): string {
  return Buffer.from(raw, 'latin1').toString('utf8')
}

/** What an entry of a tree becomes; `null` takes it out. */
export type TreeEdit = { readonly mode: string; readonly oid: Oid } | null

/** A tree's bytes with some entries set or removed; every other byte stays as it was. */
export function editTree(bytes: Uint8Array, edits: ReadonlyMap<string, TreeEdit>, oidLength: number): Buffer {
  const added = Array.from(edits)
    .flatMap(([name, edit]) =>
      edit === null ? [] : [{ key: sortKey(name, edit.mode), bytes: entryBytes(name, edit) }],
    )
    .sort((a, b) => (a.key < b.key ? -1 : 1))
  const pieces: Uint8Array[] = []
  let next = 0
  let keptFrom = 0
  const keepUntil = (end: number): void => {
    if (end > keptFrom) pieces.push(bytes.subarray(keptFrom, end))
  }
  for (const { name, mode, start, end } of scanTree(bytes, oidLength)) {
    const key = sortKey(name, mode)
    let due = added[next]
    if (due && due.key <= key) {
      keepUntil(start)
      keptFrom = start
      for (; due && due.key <= key; due = added[++next]) pieces.push(due.bytes)
    }
    if (edits.has(name)) {
      keepUntil(start)
      keptFrom = end
    }
  }
  keepUntil(bytes.length)
  pieces.push(...added.slice(next).map((entry) => entry.bytes))
  return Buffer.concat(pieces)
}

/** Git orders a folder as if its name ended in a slash. */
export function sortKey(name: string, mode: string): string {
  return isFolder(mode) ? `${name}/` : name
}

function entryBytes(name: string, { mode, oid }: { readonly mode: string; readonly oid: Oid }): Buffer {
  return Buffer.concat([Buffer.from(`${mode} ${name}\0`, 'latin1'), Buffer.from(oid, 'hex')])
}
