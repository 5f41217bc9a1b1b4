import {
  createScheme,
  groupVersionKindOf,
  hasTypeMeta,
  isRecord,
  toPartialObject,
  type CallOptions,
  type Kind,
  type KubernetesObject,
  type PartialObject,
  type UnstructuredObject,
} from '@lg/runtime'
import { asContentType, contentTypeOfBytes, contentTypeOfPath, type ContentType } from './content-type.ts'
import {
  notAnObject,
  parseDocument,
  toObject,
  type DecodeContext,
  type DocumentText,
} from './decode-document.ts'
import type { DecodeOptions } from './decode-options.ts'
import type { Frame, FrameReader } from './frames/frame.ts'
import { isObjectList } from './lists.ts'
import { readListItems } from './list-items.ts'
import type { ParsedDocument } from './parsed-document.ts'
import { decodeUtf8, encodeUtf8 } from './utf8.ts'

/** Reads objects from streams and texts. Any number of calls may run at once, one at a time on one reader. */
export interface Decoder {
  /**
   * The next object of a stream; `undefined` at its end.
   *
   * @throws {LgError} `INVALID_DOCUMENT`, `INVALID_OBJECT`, `STRICT_DECODING`, `STRICT_UNSUPPORTED`,
   *   `SCHEMA_MISMATCH`, `UNRECOGNIZED_GROUP`, `UNRECOGNIZED_KIND`, `UNRECOGNIZED_VERSION`, `FRAME_OVERFLOW`.
   */
  decode(reader: FrameReader, options?: CallOptions): Promise<KubernetesObject | undefined>
  /** The next object, converted to the version of `kind`. @throws {LgError} `KIND_MISMATCH`, `CONVERSION_FAILED` too. */
  decodeInto<T extends KubernetesObject>(
    reader: FrameReader,
    kind: Kind<T>,
    options?: CallOptions,
  ): Promise<T | undefined>
  /** The next object as it stands, of whichever kind: no schema judges it, and nothing is filled or converted. */
  decodeUnstructured(reader: FrameReader, options?: CallOptions): Promise<UnstructuredObject | undefined>
  /** All objects of a stream, those inside of a `List` one by one. The first error ends it. */
  decodeAll(reader: FrameReader, options?: CallOptions): Promise<KubernetesObject[]>
  /** One document in hand. It may be blank only for a stream: here that is `INVALID_OBJECT`. */
  decodeDocument(source: string | Uint8Array, options?: DocumentOptions): Promise<KubernetesObject>
  /** Type and metadata of all objects of a stream: nothing else of them is checked, and they cannot be written. */
  decodePartial(reader: FrameReader, options?: CallOptions): Promise<PartialObject[]>
}

export interface DocumentOptions extends CallOptions {
  /** Default: what the extension of `path` names, else what the first bytes look like. */
  readonly contentType?: string | undefined
  /** The file, for messages. */
  readonly path?: string | undefined
  /** The line of the file that the document begins on, for messages. Default 1. */
  readonly line?: number | undefined
}

export function createDecoder(context: DecodeContext, options: DecodeOptions): Decoder {
  const { scheme, sources } = context
  const unjudged: DecodeContext = { ...context, scheme: createScheme() }

  const next = async (reader: FrameReader, { signal }: CallOptions): Promise<ReadDocument | undefined> => {
    const frame = await reader.read({ signal })
    return frame === undefined ? undefined : read({ ...frame, path: reader.path })
  }
  const partial = (document: DocumentText, value: unknown): PartialObject => {
    if (!hasTypeMeta(value)) throw notAnObject(document, 'apiVersion or kind is missing or not a string')
    const { metadata } = value as { readonly metadata?: unknown }
    if (options.decodeUnknown !== true) scheme.get(groupVersionKindOf(value))
    return toPartialObject({ ...value, metadata: isRecord(metadata) ? metadata : {} })
  }

  return {
    async decode(reader, call = {}) {
      const found = await next(reader, call)
      return found && toObject(context, found.document, found.parsed, { ...options, ...call })
    },
    async decodeInto<T extends KubernetesObject>(reader: FrameReader, kind: Kind<T>, call: CallOptions = {}) {
      const found = await next(reader, call)
      if (found === undefined) return undefined
      const object = await toObject(context, found.document, found.parsed, {
        ...options,
        ...call,
        convertToHub: false,
      })
      return context.converter.convertInto(object, kind)
    },
    async decodeUnstructured(reader, call = {}) {
      const found = await next(reader, call)
      if (found === undefined) return undefined
      const { strict } = options
      const object = await toObject(unjudged, found.document, found.parsed, {
        ...call,
        strict,
        decodeUnknown: true,
      })
      return object as UnstructuredObject
    },
    async decodeAll(reader, call = {}) {
      const objects: KubernetesObject[] = []
      for (let found = await next(reader, call); found !== undefined; found = await next(reader, call)) {
        const { document, parsed } = found
        const { value } = parsed
        if (options.decodeListElements !== false && hasTypeMeta(value) && isObjectList(value, scheme)) {
          for (const item of readListItems(document, parsed, value)) {
            objects.push(await toObject(context, item.document, item.parsed, { ...options, ...call }))
          }
        } else objects.push(await toObject(context, document, parsed, { ...options, ...call }))
      }
      const last = objects.at(-1)
      const source = last && sources.get(last)
      if (last !== undefined && source !== undefined)
        sources.set(last, { ...source, trailing: reader.trailing })
      return objects
    },
    async decodeDocument(source, { contentType, path, line = 1, ...call } = {}) {
      const text = typeof source === 'string' ? source : decodeUtf8(source, { path, line })
      const document = {
        text,
        contentType: contentTypeOf(source, contentType, path),
        path,
        line,
        separator: '',
      }
      const { parsed } = read(document)
      if (parsed.value === null) throw notAnObject(document, 'the document is empty')
      return toObject(context, document, parsed, { ...options, ...call })
    },
    async decodePartial(reader, call = {}) {
      const objects: PartialObject[] = []
      for (let found = await next(reader, call); found !== undefined; found = await next(reader, call)) {
        const { document, parsed } = found
        const { value } = parsed
        const values = hasTypeMeta(value) && isObjectList(value, scheme) ? value.items : [value]
        objects.push(...values.map((item) => partial(document, item)))
      }
      return objects
    },
  }
}

interface ReadDocument {
  readonly document: DocumentText
  readonly parsed: ParsedDocument
}

const read = (document: DocumentText | (Frame & { path?: string | undefined })): ReadDocument => ({
  document,
  parsed: parseDocument(document),
})

function contentTypeOf(
  source: string | Uint8Array,
  named: string | undefined,
  path: string | undefined,
): ContentType {
  if (named !== undefined) return asContentType(named)
  const bytes = typeof source === 'string' ? encodeUtf8(source.slice(0, 2048)) : source
  return contentTypeOfPath(path ?? '') ?? contentTypeOfBytes(bytes)
}
