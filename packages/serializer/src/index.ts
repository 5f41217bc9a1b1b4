export { serializerErrors } from './errors.ts'
export type { Fault, FieldPath, SerializerErrors } from './errors.ts'
export type { LedgerEntry } from './ledger.ts'
export { asContentType, contentTypeOfBytes, contentTypeOfPath, contentTypes } from './content-type.ts'
export type { ContentType } from './content-type.ts'
export { frameReader, jsonFrameReader, yamlFrameReader } from './frames/frame-reader.ts'
export { jsonFrameWriter, yamlFrameWriter } from './frames/frame-writer.ts'
export type { ByteSource } from './frames/byte-source.ts'
export type { NodeWritable, TextSink } from './frames/byte-sink.ts'
export type {
  Frame,
  FrameReader,
  FrameReaderOptions,
  FrameWriter,
  WriteFrameOptions,
} from './frames/frame.ts'
export { createRecognizer } from './recognize/recognizer.ts'
export type { RecognizerOptions } from './recognize/recognizer.ts'
export type {
  DocumentProblem,
  DocumentType,
  Recognize,
  RecognizedDocument,
  RecognizedFile,
} from './recognize/recognized.ts'
export { createSerializer } from './serializer.ts'
export type { Serializer, SerializerOptions } from './serializer.ts'
export type { DecodeOptions, EncodeOptions } from './decode-options.ts'
export type { Decoder, DocumentOptions } from './decoder.ts'
export type { EncodeCallOptions, EncodeDocumentOptions, Encoder } from './encoder.ts'
export type { EncodedDocument } from './encode-document.ts'
export type { TextChange } from './yaml-text.ts'
export type { Converter } from './converter.ts'
export type { Defaulter } from './defaulter.ts'
export {
  commentAnnotation,
  getCommentSource,
  hasCommentSource,
  withCommentSource,
} from './comment-annotation.ts'
export { jsonSchemaOf } from './known-fields.ts'
