/** The part of `nodegit` that the engine uses, as it behaves in 0.28.0-alpha.36. */
export interface NodeGitModule {
  readonly Repository: { openBare(path: string): Promise<Repository> }
  readonly Reference: {
    lookup(repository: Repository, name: string): Promise<Reference>
    create(
      repository: Repository,
      name: string,
      target: Oid,
      force: number,
      message: string,
    ): Promise<Reference>
    createMatching(
      repository: Repository,
      name: string,
      target: Oid,
      force: number,
      current: Oid,
      message: string,
    ): Promise<Reference>
  }
  readonly Oid: { fromString(hex: string): Oid }
  readonly Commit: {
    lookup(repository: Repository, oid: Oid): Promise<Commit>
    lookupPrefix(repository: Repository, oid: Oid, length: number): Promise<GitObject>
  }
  readonly Tag: { lookupPrefix(repository: Repository, oid: Oid, length: number): Promise<Tag> }
  readonly Object: { TYPE: Readonly<Record<'COMMIT' | 'TREE' | 'BLOB' | 'TAG', number>> }
  readonly Merge: {
    base(repository: Repository, one: Oid, two: Oid): Promise<Oid>
    commits(repository: Repository, ours: Commit, theirs: Commit, options: object): Promise<Index>
  }
  readonly Graph: { descendantOf(repository: Repository, commit: Oid, ancestor: Oid): Promise<number> }
  readonly Revwalk: { create(repository: Repository): Revwalk; SORT: { TOPOLOGICAL: number; TIME: number } }
  readonly Remote: {
    createWithOpts(
      url: string,
      options: { readonly repository: Repository; readonly flags: number },
    ): Promise<Remote>
    CREATE_FLAGS: Readonly<Record<'CREATE_SKIP_INSTEADOF' | 'CREATE_SKIP_DEFAULT_FETCHSPEC', number>>
    AUTOTAG_OPTION: { DOWNLOAD_TAGS_AUTO: number }
    REDIRECT: { NONE: number }
  }
  readonly Credential: {
    userpassPlaintextNew(user: string, password: string): object
    sshKeyMemoryNew(user: string, publicKey: string, privateKey: string, passphrase: string): Promise<object>
    sshKeyFromAgent(user: string): object
    usernameNew(user: string): Promise<object>
    TYPE: { USERNAME: number }
  }
  readonly Error: {
    CODE: Readonly<Record<'ENOTFOUND' | 'EAMBIGUOUS' | 'ELOCKED' | 'EMODIFIED' | 'PASSTHROUGH', number>>
  }
}

interface Oid {
  tostrS(): string
}

export interface Repository {
  odb(): Promise<{ read(oid: Oid): Promise<OdbObject | null> }>
  /** Direct and resolved symbolic references; broken ones are left out. */
  getReferences(): Promise<readonly Reference[]>
  config(): Promise<{ getStringBuf(name: string): Promise<string> }>
  isBare(): number
  path(): string
  cleanup(): void
}

interface OdbObject {
  type(): number
  size(): number
  data(): { toBuffer(size: number): Uint8Array }
}

interface Reference {
  name(): string
  target(): Oid | undefined
  symbolicTarget(): string | undefined
  /** @param type what is wanted, behind annotated tags too. */
  peel(type: number): Promise<GitObject>
  delete(): number
}

interface GitObject {
  id(): Oid
}

interface Tag extends GitObject {
  targetId(): Oid
  targetType(): number
}

interface Commit extends GitObject {
  owner(): Repository
}

interface Index {
  hasConflicts(): number | boolean
  entries(): readonly { readonly path: string; readonly flags: number }[]
  writeTreeTo(repository: Repository): Promise<Oid>
}

interface Revwalk {
  sorting(mode: number): unknown
  push(oid: Oid): unknown
  hide(oid: Oid): unknown
  simplifyFirstParent(): unknown
  fastWalk(count: number): Promise<readonly Oid[]>
}

export interface Remote {
  connect(direction: number, callbacks: object, proxy: object, headers: readonly string[]): Promise<void>
  disconnect(): Promise<void>
  referenceList(): Promise<readonly RemoteHead[]>
  download(refspecs: readonly string[], options: object): Promise<void>
  updateTips(callbacks: object, flags: number, tags: number, message: string): Promise<void>
  prune(callbacks: object): Promise<void>
  /** What was transferred. */
  stats(): Progress
  upload(refspecs: readonly string[], options: object): Promise<void>
}

export interface Progress {
  receivedObjects(): number
  totalObjects(): number
  receivedBytes(): number
}

export interface RemoteHead {
  name(): string
  oid(): Oid
  symrefTarget(): string | null
}
