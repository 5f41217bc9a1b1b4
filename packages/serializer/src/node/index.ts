export { fileFrameReader } from './file-frame-reader.ts'
export type { FileFrameReaderOptions } from './file-frame-reader.ts'
