import type { KubernetesObject, Scheme } from '@lg/runtime'
import { createConverter, type Converter } from './converter.ts'
import type { DecodeOptions, EncodeOptions } from './decode-options.ts'
import { createDecoder, type Decoder } from './decoder.ts'
import { createDefaulter, type Defaulter } from './defaulter.ts'
import { createEncoder, type Encoder } from './encoder.ts'
import { createJudge } from './judge.ts'
import { createRecognizer } from './recognize/recognizer.ts'
import type { Recognize } from './recognize/recognized.ts'
import { createSources } from './source.ts'

/**
 * Reads and writes the objects of a scheme. It remembers, for as long as an object lives, the text that it was decoded
 * from, so that writing it again changes only what changed; the object itself is the plain value of the text.
 */
export interface Serializer {
  readonly scheme: Scheme
  decoder(options?: DecodeOptions): Decoder
  encoder(options?: EncodeOptions): Encoder
  converter(): Converter
  defaulter(): Defaulter
  /** Which documents and objects a file holds; see `createRecognizer`. */
  readonly recognize: Recognize
  /** The text that an object was decoded from. */
  sourceOf(object: object): string | undefined
  /** Makes the source of one object that of another too, such as of a copy. */
  copySource(from: object, to: KubernetesObject): void
}

export interface SerializerOptions {
  readonly scheme: Scheme
  /** The namespace of a namespaced object that states none. Default `default`. */
  readonly defaultNamespace?: string | undefined
}

/**
 * Makes a serializer for the kinds of a scheme.
 *
 * @example
 * ```ts
 * const serializer = createSerializer({ scheme })
 * const cars = await serializer.decoder().decodeAll(yamlFrameReader(process.stdin))
 * await serializer.encoder().encode(yamlFrameWriter(process.stdout), ...cars)
 * ```
 */
export function createSerializer({ scheme, defaultNamespace }: SerializerOptions): Serializer {
  const sources = createSources()
  const judge = createJudge()
  const converter = createConverter(scheme, sources)
  const defaulter = createDefaulter(scheme, sources, judge)
  const context = { scheme, sources, judge, converter }
  return {
    scheme,
    decoder: (options = {}) => createDecoder(context, options),
    encoder: (options = {}) => createEncoder(context, options),
    converter: () => converter,
    defaulter: () => defaulter,
    recognize: createRecognizer({ scheme, defaultNamespace }),
    sourceOf: (object) => sources.get(object)?.text,
    copySource(from, to) {
      const source = sources.get(from)
      if (source !== undefined) sources.set(to, source)
    },
  }
}
