import { testKitErrors } from './errors.ts'

/** The content of one file: text, bytes, or one of them with a mode. */
export type FileContent =
  | string
  | Uint8Array
  | { readonly content: string | Uint8Array; readonly mode: 'file' | 'executable' | 'symlink' }

export interface Identity {
  readonly name: string
  readonly email: string
}

export interface CommitPlan {
  readonly ref: string
  readonly parent?: string | undefined
  /** `null` deletes the file or folder. */
  readonly files: Readonly<Record<string, FileContent | null>>
  readonly message: string
  readonly author: Identity
  /** Seconds since the epoch. */
  readonly time: number
}

const modes = { file: '100644', executable: '100755', symlink: '120000' } as const

/** The input for `git fast-import` that makes one commit and prints its id. */
export function commitStream(plan: CommitPlan): Buffer {
  const { ref, parent, files, message, author, time } = plan
  const signature = `${author.name} <${author.email}> ${time} +0000`
  const parts = [
    `commit ${ref}\nmark :1\nauthor ${signature}\ncommitter ${signature}\n`,
    data(message.endsWith('\n') ? message : `${message}\n`),
    parent === undefined ? '' : `from ${parent}\n`,
    // Deletions come first, so that a folder can become a file and the other way round.
    ...Object.entries(files).flatMap(([path, file]) => (file === null ? [`D ${quotePath(path)}\n`] : [])),
    ...Object.entries(files).flatMap(([path, file]) => (file === null ? [] : modification(path, file))),
    'get-mark :1\ndone\n',
  ]
  return Buffer.concat(parts.map((part) => Buffer.from(part)))
}

function modification(path: string, file: FileContent): (string | Uint8Array)[] {
  const plain = typeof file === 'string' || file instanceof Uint8Array
  const mode = plain ? 'file' : file.mode
  return [`M ${modes[mode]} inline ${quotePath(path)}\n`, data(plain ? file : file.content)]
}

function data(content: string | Uint8Array): Buffer {
  const bytes = Buffer.from(content)
  return Buffer.concat([Buffer.from(`data ${bytes.length}\n`), bytes, Buffer.from('\n')])
}

function quotePath(path: string): string {
  const invalid = path.includes('\0') || path.split('/').some((part) => /^(|\.|\.\.|\.git)$/i.test(part))
  if (invalid) {
    throw testKitErrors.create('PATH_INVALID', `${JSON.stringify(path)} is no path for a file in Git`, {
      path,
    })
  }
  return `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`
}
