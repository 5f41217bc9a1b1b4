export { corpusDirectory, readCorpus } from './corpus.ts'
export type { CorpusFile, CorpusFolder } from './corpus.ts'
