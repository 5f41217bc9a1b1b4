import { isRecord } from '@lg/runtime'
import { parseYamlDocuments, type Position, type YamlDocument, type YamlEditError } from '@lg/yaml-edit'
import { serializerErrors, type FieldPath } from './errors.ts'
import { itemText } from './item-text.ts'
import {
  faultLimit,
  formatPlace,
  type DocumentPlace,
  type ParsedDocument,
  type TextPosition,
} from './parsed-document.ts'

/**
 * Parses a text that holds one YAML document, beside blank and comment-only ones; its value is null without one.
 *
 * @throws {LgError} `INVALID_DOCUMENT`.
 */
export function parseYamlDocument(text: string, place: DocumentPlace): ParsedDocument {
  const document = onlyDocument(text, place)
  const at = ({ line, column }: TextPosition): TextPosition => ({
    line: line + (place.line ?? 1) - 1,
    column,
  })
  const [error] = document.errors.filter(
    ({ code }) => code !== 'DUPLICATE_KEY' || document.value === undefined,
  )
  if (error !== undefined) throw invalid(place, at(positionOf(error)), reasonOf(error), error)
  return {
    value: document.value,
    duplicateKeys: () =>
      document.errors
        .filter((error): error is YamlEditError<'DUPLICATE_KEY'> => error.code === 'DUPLICATE_KEY')
        .slice(0, faultLimit)
        .map(({ details }) => ({
          path:
            text.length > searchableSize ?
              [details.key]
            : pathOfKey(document, details.first.offset, details.key),
          position: at(details),
        })),
    positionOf(path) {
      for (let length = path.length; length > 0; length--) {
        const found = document.locate(path.slice(0, length))
        if (found !== undefined) return at(found.key ?? found)
      }
      return at(document.locate([]) ?? { line: 1, column: 1 })
    },
    textOf: (path) => itemText(text, document, path),
  }
}

/** Every path of a document is tried until one is at the place, so in a larger one the key has to do. */
const searchableSize = 16 * 1024

/** The path of the entry whose key begins at an offset. */
function pathOfKey(document: YamlDocument, offset: number, key: string): FieldPath {
  const search = (value: unknown, path: FieldPath): FieldPath | undefined => {
    const keys =
      Array.isArray(value) ? [...value.keys()]
      : isRecord(value) ? Object.keys(value)
      : []
    for (const part of keys) {
      const inner = [...path, part]
      if (part === key && document.locate(inner)?.key?.offset === offset) return inner
      const found = search((value as Record<string | number, unknown>)[part], inner)
      if (found !== undefined) return found
    }
    return undefined
  }
  return search(document.value, []) ?? [key]
}

/** The document of a text that has content, or the first one when none has. */
export function onlyDocument(text: string, place: DocumentPlace): YamlDocument {
  const documents = parseYamlDocuments(text)
  const filled = documents.filter(({ empty }) => !empty)
  const [document = documents[0], second] = filled
  if (second !== undefined || document === undefined) {
    const line = (place.line ?? 1) + text.slice(0, second?.range.start ?? 0).split('\n').length - 1
    throw invalid(place, { line, column: 1 }, 'a second document begins here; read it with a frame reader')
  }
  return document
}

function invalid(place: DocumentPlace, position: TextPosition, reason: string, cause?: unknown): Error {
  return serializerErrors.create(
    'INVALID_DOCUMENT',
    `${formatPlace(place.path, position)}: ${reason}`,
    { path: place.path, line: position.line, column: position.column, reason },
    cause === undefined ? undefined : { cause },
  )
}

function positionOf({ details }: YamlEditError): TextPosition {
  const { line, column } = details as Partial<Position>
  return { line: line ?? 1, column: column ?? 1 }
}

/** The message without the place that it begins with. */
const reasonOf = ({ message }: YamlEditError): string => message.replace(/^line \d+(?:, column \d+)?: /, '')
