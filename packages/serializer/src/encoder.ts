import { hasTypeMeta, type CallOptions, type KubernetesObject } from '@lg/runtime'
import { asContentType } from './content-type.ts'
import type { Converter } from './converter.ts'
import type { EncodeOptions } from './decode-options.ts'
import { encodeDocument, type EncodeContext, type EncodedDocument } from './encode-document.ts'
import type { FrameWriter } from './frames/frame.ts'
import type { Source } from './source.ts'
import { decodeUtf8 } from './utf8.ts'

/** Writes objects to streams and texts, each into the text that it came from. */
export interface Encoder {
  /**
   * Writes objects one after the other. Of an object that was decoded, only what changed is written anew.
   *
   * @throws {LgError} `SCHEMA_MISMATCH`, `PARTIAL_OBJECT`, `INVALID_OBJECT`, `EDIT_REFUSED`, `NOT_SERIALIZABLE`;
   *   with `strict` also `NOT_KEPT`. Objects before the one that fails are written.
   */
  encode(writer: FrameWriter, ...objects: readonly KubernetesObject[]): Promise<readonly EncodedDocument[]>
  encode(
    writer: FrameWriter,
    object: KubernetesObject | readonly KubernetesObject[],
    options: EncodeCallOptions,
  ): Promise<readonly EncodedDocument[]>
  /** {@link encode} in another version of the object's kind. @throws {LgError} `CONVERSION_FAILED` as well. */
  encodeForVersion(
    writer: FrameWriter,
    object: KubernetesObject,
    version: string,
    options?: EncodeCallOptions,
  ): Promise<EncodedDocument>
  /** The text of one object, without a stream. */
  encodeDocument(object: KubernetesObject, options?: EncodeDocumentOptions): Promise<EncodedDocument>
}

export interface EncodeCallOptions extends CallOptions {
  /** The decoded object that this one is a copy of; `null`: it is new. Default: the object itself. */
  readonly from?: object | null | undefined
}

export interface EncodeDocumentOptions extends EncodeCallOptions {
  /** Default: that of the source that the object is known to come from, else YAML. */
  readonly contentType?: string | undefined
  /** The stored text that becomes the object's, instead of the one it was decoded from; `null`: there is none. */
  readonly source?: string | Uint8Array | null | undefined
}

export function createEncoder(
  context: EncodeContext & { readonly converter: Converter },
  options: EncodeOptions,
): Encoder {
  const { sources, converter } = context

  const write = async (
    writer: FrameWriter,
    object: KubernetesObject,
    { from, signal }: EncodeCallOptions,
  ): Promise<EncodedDocument> => {
    const document = await encodeDocument(context, object, options, {
      contentType: writer.contentType,
      from,
      signal,
    })
    const source = from === null ? undefined : sources.get(from ?? object)
    const kept = source?.contentType === writer.contentType ? source : undefined
    await writer.write(document.text + (kept?.trailing ?? ''), {
      separator: separatorOf(kept, writer),
      signal,
    })
    return document
  }

  return {
    async encode(writer, ...parts) {
      const { objects, call } = readArguments(parts)
      const documents: EncodedDocument[] = []
      for (const object of objects) documents.push(await write(writer, object, call))
      return documents
    },
    async encodeForVersion(writer, object, version, call = {}) {
      const origin = call.from === undefined ? object : call.from
      const source = origin === null ? undefined : sources.get(origin)
      if (source !== undefined && origin !== object) sources.set(object, source)
      const converted = converter.convert(object, version)
      return write(writer, converted, { signal: call.signal, from: call.from === null ? null : converted })
    },
    async encodeDocument(object, { contentType, source, from, signal } = {}) {
      const known = from === null ? undefined : sources.get(from ?? object)
      const text = source instanceof Uint8Array ? decodeUtf8(source) : source
      const type =
        contentType === undefined ? (known?.contentType ?? 'application/yaml') : asContentType(contentType)
      return encodeDocument(context, object, options, { contentType: type, source: text, from, signal })
    },
  }
}

/** `encode(writer, a, b)`, `encode(writer, a, options)` and `encode(writer, [a, b], options)`. */
function readArguments(parts: readonly unknown[]): {
  objects: readonly KubernetesObject[]
  call: EncodeCallOptions
} {
  const last = parts.at(-1)
  const hasOptions = parts.length > 1 && typeof last === 'object' && last !== null && !hasTypeMeta(last)
  const given = hasOptions ? parts.slice(0, -1) : parts
  return { objects: given.flat() as KubernetesObject[], call: hasOptions ? (last as EncodeCallOptions) : {} }
}

/** What stood before the object in its own stream, where that says more than the usual separator. */
function separatorOf(source: Source | undefined, writer: FrameWriter): string | undefined {
  if (source === undefined) return undefined
  const isFirst = writer.written === 0
  if (isFirst !== source.first) return undefined
  return isFirst || source.separator !== '' ? source.separator : undefined
}
