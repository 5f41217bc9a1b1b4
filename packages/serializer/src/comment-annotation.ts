import { isRecord, type KubernetesObject } from '@lg/runtime'
import { serializerErrors } from './errors.ts'
import { copyValue } from './fill.ts'
import { decodeUtf8, encodeUtf8 } from './utf8.ts'

/** Where libgitops keeps the text that an object was read from, in base64. */
export const commentAnnotation = 'serializer.libgitops.weave.works/original-data'

/** True when an object carries libgitops' annotation. */
export function hasCommentSource(object: KubernetesObject): boolean {
  return typeof object.metadata.annotations?.[commentAnnotation] === 'string'
}

/**
 * The text in libgitops' annotation.
 *
 * @throws {LgError} `COMMENT_SOURCE_INVALID` when there is none, or it is not base64 of UTF-8.
 */
export function getCommentSource(object: KubernetesObject): string {
  const encoded = object.metadata.annotations?.[commentAnnotation]
  if (typeof encoded !== 'string') {
    const message = `The object has no annotation ${commentAnnotation}`
    throw serializerErrors.create('COMMENT_SOURCE_INVALID', message, { reason: 'missing' })
  }
  try {
    return decodeUtf8(Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0)))
  } catch (cause) {
    const message = `The annotation ${commentAnnotation} does not hold base64 of UTF-8 text`
    throw serializerErrors.create('COMMENT_SOURCE_INVALID', message, { reason: 'corrupt' }, { cause })
  }
}

/** A copy of the object that carries a text in libgitops' annotation; `undefined` takes the annotation away. */
export function withCommentSource<T extends KubernetesObject>(object: T, text: string | undefined): T {
  const copy = copyValue(object)
  const annotations: Record<string, string> =
    isRecord(copy.metadata.annotations) ? copy.metadata.annotations : {}
  if (text === undefined) delete annotations[commentAnnotation]
  else annotations[commentAnnotation] = toBase64(encodeUtf8(text))
  if (Object.keys(annotations).length > 0) copy.metadata.annotations = annotations
  else delete copy.metadata.annotations
  return copy
}

function toBase64(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}
