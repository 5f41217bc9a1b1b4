export { serializerErrors } from './errors.ts'
export type { Fault, FieldPath, SerializerErrors } from './errors.ts'
export type { LedgerEntry } from './ledger.ts'
export { asContentType, contentTypeOfBytes, contentTypeOfPath, contentTypes } from './content-type.ts'
export type { ContentType } from './content-type.ts'
export { frameReader, jsonFrameReader, yamlFrameReader } from './frames/frame-reader.ts'
export { jsonFrameWriter, yamlFrameWriter } from './frames/frame-writer.ts'
export type { ByteSource } from './frames/byte-source.ts'
export type { NodeWritable, TextSink } from './frames/byte-sink.ts'
export type { Frame, FrameReader, FrameReaderOptions, FrameWriter, WriteFrameOptions } from './frames/frame.ts'
export { createRecognizer } from './recognize/recognizer.ts'
export type { RecognizerOptions } from './recognize/recognizer.ts'
export type {
  DocumentProblem,
  DocumentType,
  Recognize,
  RecognizedDocument,
  RecognizedFile,
} from './recognize/recognized.ts'
