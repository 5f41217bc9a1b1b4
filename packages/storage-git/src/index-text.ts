import { createHash } from 'node:crypto'
import { objectKey, type ObjectKey } from '@lg/runtime'
import type { ContentType, FileProblem, IndexedDocument, IndexedFile, ObjectIndex } from '@lg/storage-raw'
import type { Oid } from '@lg/git'

/** An index as it is kept on disk: which objects the files of one commit hold, by blob. */
export interface SavedIndex {
  readonly commit: Oid
  readonly files: readonly IndexedFile[]
}

/** Another number when files are recognised otherwise, or written otherwise here. */
const header = 'lg-index 1'

type SavedDocument = readonly [
  kind: number,
  namespace: string,
  name: string,
  apiVersion: number,
  /** 0 when the document is the whole file. */
  version: string | 0,
  document: number,
  line: number,
  contentType: number,
  start: number,
  end: number,
]
type SavedFile = readonly [
  path: string,
  id: string,
  documents: readonly SavedDocument[],
  problems?: readonly FileProblem[],
]

interface Saved {
  readonly purpose: string
  readonly commit: Oid
  readonly kinds: readonly (readonly [group: string, kind: string])[]
  readonly apiVersions: readonly (string | null)[]
  readonly contentTypes: readonly ContentType[]
  readonly files: readonly SavedFile[]
}

/** @param purpose what the recognition of files depends on; an index for another purpose is not read. */
export function formatIndex({ commit, index }: { commit: Oid; index: ObjectIndex }, purpose: string): string {
  const kinds = numbered(
    ({ group, kind }: ObjectKey) => `${group}\0${kind}`,
    ({ group, kind }) => [group, kind] as const,
  )
  const apiVersions = numbered(
    (text: string | undefined) => text ?? '\0',
    (text) => text ?? null,
  )
  const contentTypes = numbered(
    (type: ContentType) => type,
    (type) => type,
  )
  const documentOf = (file: IndexedFile, document: IndexedDocument): SavedDocument => {
    const { key, apiVersion, version, location, line, contentType, start, end } = document
    const { namespace, name } = key
    return [
      kinds.of(key),
      namespace,
      name,
      apiVersions.of(apiVersion),
      version === file.id ? 0 : version,
      location.document,
      line,
      contentTypes.of(contentType),
      start,
      end,
    ]
  }
  const files = Array.from(index.files(), (file): SavedFile => {
    const documents = file.documents.map((document) => documentOf(file, document))
    return file.problems.length === 0 ?
        [file.path, file.id, documents]
      : [file.path, file.id, documents, file.problems]
  })
  const saved: Saved = {
    purpose,
    commit,
    kinds: kinds.all,
    apiVersions: apiVersions.all,
    contentTypes: contentTypes.all,
    files,
  }
  const body = JSON.stringify(saved)
  return `${header} ${digest(body)}\n${body}`
}

/** `undefined` for what is damaged, older, or made for another purpose. */
export function parseIndex(text: string, purpose: string): SavedIndex | undefined {
  const end = text.indexOf('\n')
  const body = text.slice(end + 1)
  if (text.slice(0, end) !== `${header} ${digest(body)}`) return undefined
  const saved = JSON.parse(body) as Saved
  if (saved.purpose !== purpose) return undefined
  const { commit, kinds, apiVersions, contentTypes } = saved
  const files = saved.files.map(([path, id, documents, problems = []]): IndexedFile => ({
    path,
    id,
    documents: documents.map(
      ([kindAt, namespace, name, apiVersion, version, document, line, contentType, start, end]) => {
        const [group, kind] = kinds[kindAt] ?? ['', '']
        return {
          key: objectKey({ group, kind, namespace, name }),
          apiVersion: apiVersions[apiVersion] ?? undefined,
          version: version === 0 ? id : version,
          location: Object.freeze({ path, document }),
          line,
          contentType: contentTypes[contentType] ?? 'application/yaml',
          start,
          end,
        }
      },
    ),
    problems,
  }))
  return { commit, files }
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Gives each distinct value a number. */
function numbered<Value, Kept>(idOf: (value: Value) => string, keep: (value: Value) => Kept) {
  const numbers = new Map<string, number>()
  const all: Kept[] = []
  return {
    all,
    of(value: Value): number {
      const id = idOf(value)
      const known = numbers.get(id)
      if (known !== undefined) return known
      numbers.set(id, all.push(keep(value)) - 1)
      return all.length - 1
    },
  }
}
