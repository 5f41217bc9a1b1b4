import type { FetchProgress, Oid } from '@lg/git'

/** What the engine's process is asked, and what it answers. Everything here can be sent between processes. */
export interface EngineCalls {
  /** Objects in the order asked for; `null` for those that are not there. */
  read: { request: readonly ReadRequest[]; result: readonly (ReadObject | null)[] }
  /** The commits that names mean: a full ref, or hexadecimal digits of an object's name. */
  peel: { request: readonly string[]; result: readonly (Oid | 'ambiguous' | null)[] }
  refs: { request: null; result: readonly (readonly [string, Oid])[] }
  updateRef: { request: RefRequest; result: RefResult }
  mergeBase: { request: readonly [Oid, Oid]; result: Oid | null }
  isAncestor: { request: readonly [ancestor: Oid, descendant: Oid]; result: boolean }
  walk: { request: WalkRequest; result: readonly Oid[] }
  merge: { request: readonly [ours: Oid, theirs: Oid]; result: MergeResult }
  remoteRefs: { request: RemoteRequest; result: RemoteRefsResult }
  fetch: { request: FetchRequest; result: FetchResult }
  push: { request: PushRequest; result: PushResult }
}

export type EngineCall = keyof EngineCalls

export interface ReadRequest {
  readonly oid: Oid
  /** Whether the bytes are wanted too. */
  readonly bytes: boolean
}

export interface ReadObject {
  readonly kind: string
  readonly size: number
  readonly bytes: Uint8Array
}

export interface RefRequest {
  readonly ref: string
  readonly target: Oid | null
  readonly expected?: Oid | null | undefined
}

export type RefResult = 'done' | 'locked' | 'missingTarget' | 'collides' | { readonly actual: Oid | null }

export interface WalkRequest {
  readonly from: Oid
  readonly exclude: Oid | null
  readonly firstParent: boolean
  readonly limit: number
}

export type MergeResult = { readonly tree: Oid } | { readonly conflicts: readonly string[] }

export interface RemoteRequest {
  readonly url: string
  /** A folder on this machine instead of a server. */
  readonly local: boolean
}

export interface RemoteRefsResult {
  readonly head: string | null
  readonly refs: readonly (readonly [string, Oid])[]
}

export interface FetchRequest extends RemoteRequest {
  readonly refspecs: readonly string[]
  /** Sources without `*`, which must be there. */
  readonly required: readonly string[]
  readonly prune: boolean
  readonly progress: boolean
}

export type FetchResult = 'done' | { readonly missing: string }

export interface PushRequest extends RemoteRequest {
  readonly updates: readonly RefRequest[]
  /** Names a ref that is not in use. */
  readonly unique: string
}

export type PushResult =
  | { readonly type: 'done' }
  /** The remote ref is not as expected, or it is no ancestor of the target and nothing was expected. */
  | { readonly type: 'changed'; readonly ref: string; readonly actual?: Oid | null }
  /** As expected, but the target does not contain it. */
  | { readonly type: 'rewrite'; readonly ref: string }
  | { readonly type: 'unsupported'; readonly feature: string }
  | { readonly type: 'refused'; readonly ref: string; readonly reason: string; readonly words: string }

/** What libgit2 wants to log in with. */
export type Login =
  | { readonly type: 'password'; readonly user: string; readonly password: string }
  | { readonly type: 'user'; readonly user: string }
  | { readonly type: 'agent'; readonly user: string }
  | {
      readonly type: 'key'
      readonly user: string
      readonly privateKey: string
      readonly passphrase: string
    }

export type Question =
  | { readonly type: 'login'; readonly url: string; readonly wantsUser: boolean }
  /** @param isKnown what libgit2 found in known_hosts. */
  | { readonly type: 'host'; readonly isKnown: boolean }

/** `false`: no, or nothing to give. */
export type Answer = Login | boolean

/** A failed call. `sent` tells that a push may have arrived. */
export interface Failure {
  readonly message: string
  /** libgit2's code: -3 for "not found". */
  readonly code: number
  readonly words: string
  readonly sent: boolean
  /** The process ended meanwhile, maybe for another call's sake. */
  readonly lost?: boolean
}

export type ToEngine =
  | { readonly type: 'open'; readonly module: string; readonly dir: string }
  | { readonly type: 'call'; readonly id: number; readonly name: EngineCall; readonly request: unknown }
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'answer'; readonly id: number; readonly question: number; readonly answer: Answer }

export type FromEngine =
  | { readonly type: 'loaded' }
  | { readonly type: 'ready' }
  | { readonly type: 'unavailable'; readonly reason: string }
  | { readonly type: 'unopened'; readonly reason: string }
  | { readonly type: 'result'; readonly id: number; readonly result: unknown }
  | { readonly type: 'failure'; readonly id: number; readonly failure: Failure }
  | { readonly type: 'question'; readonly id: number; readonly question: number; readonly about: Question }
  | { readonly type: 'progress'; readonly id: number; readonly progress: FetchProgress }
