import type { ContentType } from './location.ts'

/** Media types by file extension, the preferred extension of each first. */
const extensions: readonly (readonly [extension: string, contentType: ContentType])[] = [
  ['yaml', 'application/yaml'],
  ['yml', 'application/yaml'],
  ['json', 'application/json'],
]

/** What the extension of a path says; `undefined` for files that hold no objects. */
export function contentTypeOf(path: string): ContentType | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase()
  return extensions.find(([extension]) => name.endsWith(`.${extension}`))?.[1]
}

/** The extensions that stand for a media type, the preferred one first; without one, all. */
export function extensionsOf(contentType?: ContentType): readonly string[] {
  return extensions
    .filter(([, type]) => contentType === undefined || type === contentType)
    .map(([name]) => name)
}
