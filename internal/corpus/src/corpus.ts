import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** `files`: whole, valid manifests; `large`: manifests of a megabyte; `invalid`: what is no manifest. */
export type CorpusFolder = 'files' | 'large' | 'invalid'

/** One manifest as its author wrote it. */
export interface CorpusFile {
  readonly name: string
  readonly text: string
}

/** Where the manifests lie: beside the project. Undefined where they are not installed. */
export const corpusDirectory: string | undefined = findCorpus()

/** The files of a folder in the order of their names; none where the manifests are not installed. */
export function readCorpus(folder: CorpusFolder): readonly CorpusFile[] {
  if (corpusDirectory === undefined) return []
  const directory = `${corpusDirectory}/${folder}`
  return readdirSync(directory)
    .sort()
    .map((name) => ({ name, text: readFileSync(`${directory}/${name}`, 'utf8') }))
}

function findCorpus(): string | undefined {
  const directory = fileURLToPath(new URL('../../../../shared/corpus', import.meta.url))
  return existsSync(directory) ? directory : undefined
}
