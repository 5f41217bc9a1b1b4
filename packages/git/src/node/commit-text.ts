/// <reference types="node" />
import { gitErrors } from '../errors.ts'
import type { Commit, CommitHeaders, Signature } from '../commit.ts'
import type { NewCommit } from '../git.ts'
import type { Oid } from '../oid.ts'

/** Reads a commit object. Text that is not UTF-8 is read as its `encoding` header says, if the platform can. */
export function parseCommit(oid: Oid, bytes: Uint8Array): Commit {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const split = buffer.indexOf('\n\n')
  const head = split < 0 ? buffer : buffer.subarray(0, split)
  const encoding = /^encoding (.+)$/m.exec(head.toString('latin1'))?.[1] ?? 'utf-8'
  const header = decodeText(head, encoding)
  const field = (name: string): string => new RegExp(`^${name} (.*)$`, 'm').exec(header)?.[1] ?? ''
  const headers = ownHeaders(header)
  return {
    oid,
    tree: field('tree'),
    parents: Array.from(header.matchAll(/^parent ([0-9a-f]+)$/gm), ([, parent = '']) => parent),
    author: parseSignature(field('author')),
    committer: parseSignature(field('committer')),
    message: split < 0 ? '' : decodeText(buffer.subarray(split + 2), encoding),
    ...(headers && { headers }),
  }
}

/** Those of one line that are not Git's. */
function ownHeaders(header: string): CommitHeaders | undefined {
  const lines = Array.from(
    header.matchAll(/^([^ \n]+) (.*)$(?!\n )/gm),
    ([, name = '', value = '']) => [name, value] as const,
  )
  const own = lines.filter(([name]) => !gitHeaders.has(name.toLowerCase()))
  return own.length === 0 ? undefined : Object.fromEntries(own)
}

/** The bytes of a commit object. The same input gives the same bytes. */
export function formatCommit(tree: Oid, commit: Omit<NewCommit, 'changes'>): Buffer {
  const { parents, author, committer = author, message } = commit
  const headers = typeof commit.headers === 'function' ? commit.headers(tree) : (commit.headers ?? {})
  if (message.includes('\0')) throw invalid('its message holds a NUL')
  if (/\p{Surrogate}/u.test(message)) throw invalid('its message is not well-formed Unicode')
  const lines = [
    `tree ${tree}`,
    ...parents.map((parent) => `parent ${parent}`),
    `author ${formatSignature(author, 'author')}`,
    `committer ${formatSignature(committer, 'committer')}`,
    ...Object.entries(headers).map(formatHeader),
  ]
  const end = message === '' || message.endsWith('\n') ? '' : '\n'
  return Buffer.from(`${lines.join('\n')}\n\n${message}${end}`)
}

function formatHeader([name, value]: readonly [string, string]): string {
  const isOwn = /^[a-z][a-z0-9-]*$/i.test(name) && !gitHeaders.has(name.toLowerCase())
  if (!isOwn) throw invalid(`${JSON.stringify(name)} is no name for a header of one's own`)
  if (/[\r\n\0]/.test(value) || /\p{Surrogate}/u.test(value))
    throw invalid(`the header ${name} is not one line of text`)
  return `${name} ${value}`
}

/** What git itself reads (gitformat-commit). */
const gitHeaders: ReadonlySet<string> = new Set([
  'tree',
  'parent',
  'author',
  'committer',
  'encoding',
  'mergetag',
  'gpgsig',
  'gpgsig-sha256',
])

/** A commit object with a signature of its bytes, as `git commit -S` stores it (gitformat-signature). */
export function addSignature(commit: Uint8Array, armor: string, hash: string): Buffer {
  const lines = armor.trimEnd().split(/\r?\n/)
  if (!/^-----BEGIN .*SIGNATURE-----$/.test(lines[0] ?? '') || lines.some((line) => line.includes('\0'))) {
    throw invalid('what it was signed with gave no signature in armor')
  }
  const text = Buffer.from(commit.buffer, commit.byteOffset, commit.byteLength)
  const end = text.indexOf('\n\n') + 1
  const name = hash === 'sha256' ? 'gpgsig-sha256' : 'gpgsig'
  return Buffer.concat([
    text.subarray(0, end),
    Buffer.from(`${name} ${lines.join('\n ')}\n`),
    text.subarray(end),
  ])
}

function parseSignature(text: string): Signature {
  const [, name = '', email = '', seconds = '0', sign = '+', hours = '0', minutes = '0'] =
    /^(.*?) ?<(.*)> ?(?:(-?[0-9]+) ([+-])([0-9]{2})([0-9]{2}))?$/.exec(text) ?? []
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1)
  return { name, email, time: Number(seconds) * 1000, offset: offset || 0 }
}

function formatSignature({ name, email, time, offset = 0 }: Signature, role: string): string {
  for (const [what, text] of Object.entries({ name, email })) {
    if (/[<>\n\0]/.test(text)) throw invalid(`the ${role}'s ${what} holds "<", ">", a line break or a NUL`)
    if (/\p{Surrogate}/u.test(text)) throw invalid(`the ${role}'s ${what} is not well-formed Unicode`)
    if (text !== text.trim()) throw invalid(`the ${role}'s ${what} begins or ends with white space`)
  }
  if (name === '') throw invalid(`the ${role} has no name`)
  const seconds = Math.floor(time / 1000)
  if (!Number.isSafeInteger(seconds) || seconds < 0)
    throw invalid(`the ${role}'s time is not a time since 1970`)
  if (!Number.isInteger(offset) || Math.abs(offset) >= 6000)
    throw invalid(`the ${role}'s offset is not in minutes`)
  const two = (value: number): string => String(value).padStart(2, '0')
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}${two(Math.abs(offset) % 60)}`
  return `${name} <${email}> ${seconds} ${zone}`
}

function decodeText(bytes: Uint8Array, encoding: string): string {
  try {
    return new TextDecoder(encoding).decode(bytes)
  } catch {
    return new TextDecoder().decode(bytes)
  }
}

function invalid(reason: string): Error {
  return gitErrors.create('INVALID_COMMIT', `Not a commit: ${reason}`, { reason })
}
