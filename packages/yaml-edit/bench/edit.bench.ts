import { type BenchRow, formatMilliseconds, medianCpuMilliseconds } from '@lg/bench'
import { type CorpusFile, readCorpus } from '@lg/corpus'
import { loadAll } from 'js-yaml'
import { parseAllDocuments } from 'yaml'
import { type Path, editYaml, identifyDocuments, parseYamlDocuments } from '@lg/yaml-edit'

/** Measures over the corpus; without it there is nothing to measure. */
export async function run(): Promise<readonly BenchRow[]> {
  const files = readCorpus('files')
  if (files.length === 0) return []
  return [
    await editing(files),
    await decoding(files),
    await decodingAgainstJsYaml(files),
    await identifying(files),
    ...(await growing(files)),
  ]
}

interface Edit {
  readonly file: CorpusFile
  readonly document: number
  readonly path: Path
}

async function editing(files: readonly CorpusFile[]): Promise<BenchRow> {
  const edits = files.flatMap(scalarToSet)
  const ours = await medianCpuMilliseconds(() => {
    for (const { file, document, path } of edits) {
      editYaml(file.text, [{ op: 'set', path, value: 'bench' }], { document, aliases: 'expand' })
    }
  }, 9)
  const theirs = await medianCpuMilliseconds(() => {
    for (const { file, document, path } of edits) {
      const documents = parseAllDocuments(file.text)
      if ('empty' in documents) continue
      documents[document]?.setIn(path, 'bench')
      documents.map(String).join('')
    }
  }, 3)
  const name = `set one scalar in each of ${edits.length} manifests, checked`
  return row(name, ours, 'yaml: parse, setIn, toString', theirs, 0.2)
}

/** The first string of the first document that has one under `metadata`. */
function scalarToSet(file: CorpusFile): Edit[] {
  for (const { index, value } of parseYamlDocuments(file.text)) {
    const metadata = (value as { metadata?: { name?: unknown } } | null | undefined)?.metadata
    if (typeof metadata?.name === 'string') return [{ file, document: index, path: ['metadata', 'name'] }]
  }
  return []
}

async function decoding(files: readonly CorpusFile[]): Promise<BenchRow> {
  const ours = await medianCpuMilliseconds(() => files.forEach(({ text }) => parseYamlDocuments(text)), 9)
  const theirs = await medianCpuMilliseconds(() => files.forEach(({ text }) => readWithYaml(text)), 3)
  return row(`read ${files.length} manifests`, ours, 'yaml: parseAllDocuments, toJS', theirs, 0.2)
}

async function decodingAgainstJsYaml(files: readonly CorpusFile[]): Promise<BenchRow> {
  const readable = files.filter(({ text }) => isReadable(text))
  const ours = await medianCpuMilliseconds(() => readable.forEach(({ text }) => parseYamlDocuments(text)))
  const theirs = await medianCpuMilliseconds(() => readable.forEach(({ text }) => loadAll(text)))
  return row(`read the ${readable.length} that js-yaml reads`, ours, 'js-yaml: loadAll', theirs, 1)
}

function isReadable(text: string): boolean {
  try {
    loadAll(text)
    return true
  } catch {
    // It refuses a few manifests.
    return false
  }
}

async function identifying(files: readonly CorpusFile[]): Promise<BenchRow> {
  const ours = await medianCpuMilliseconds(() => files.forEach(({ text }) => identifyDocuments(text)), 31)
  const theirs = await medianCpuMilliseconds(() => files.forEach(({ text }) => readWithYaml(text)), 3)
  return row(
    `kind, name and namespace of every document in ${files.length} manifests`,
    ours,
    'yaml: read in full',
    theirs,
    0.02,
  )
}

/** An edit takes ten times as long in ten times the text. */
async function growing(files: readonly CorpusFile[]): Promise<BenchRow[]> {
  const mixed = files
    .map(({ text }) => text)
    .filter((text) => !/^(?:---|%|\.\.\.)/m.test(text) && !text.includes('\r'))
  const all = mixed.slice(0, 20)
  const rows: BenchRow[] = []
  let before: number | undefined
  for (const size of [10_000, 100_000, 1_000_000, 10_000_000]) {
    const text = stream(all, size)
    const document = parseYamlDocuments(text).findIndex(
      ({ value }) => typeof value === 'object' && value !== null && !Array.isArray(value),
    )
    const time = await medianCpuMilliseconds(
      () => editYaml(text, [{ op: 'set', path: ['lg'], value: 1 }], { document }),
      5,
    )
    const decode = await medianCpuMilliseconds(() => parseYamlDocuments(text), 3)
    const name = `documents of together ${size / 1000} KB`
    rows.push({
      name: `set a value in ${name}`,
      figure: formatMilliseconds(time),
      reference: `read it: ${formatMilliseconds(decode)}`,
      ratio: time / decode,
    })
    // Below that a single run is too short to tell.
    if (before !== undefined && size > 100_000) rows.push(linear(`read ${name}`, decode, before))
    before = decode
  }
  const small = await oneDocument(500_000)
  const large = await oneDocument(5_000_000)
  rows.push(linear('set a value in one document of 5 MB', large, small))
  return rows
}

function linear(name: string, time: number, tenth: number): BenchRow {
  const reference = `ten times that of a tenth: ${formatMilliseconds(tenth * 10)}`
  return { name, figure: formatMilliseconds(time), reference, ratio: time / (tenth * 10), aim: 2 }
}

function stream(texts: readonly string[], size: number): string {
  let text = ''
  for (let index = 0; text.length < size; index++) text += `---\n${texts[index % texts.length] ?? ''}\n`
  return text
}

async function oneDocument(size: number): Promise<number> {
  const entry = (index: number): string =>
    `- name: item-${index}\n  labels: {app: web}\n  value: "some text" # why\n`
  let text = 'items:\n'
  for (let index = 0; text.length < size; index++) text += entry(index)
  return medianCpuMilliseconds(
    () => editYaml(text, [{ op: 'set', path: ['items', 7, 'value'], value: 'bench' }]),
    3,
  )
}

function readWithYaml(text: string): unknown[] {
  const documents = parseAllDocuments(text)
  return 'empty' in documents ? [] : documents.map((document) => document.toJS() as unknown)
}

function row(name: string, ours: number, other: string, theirs: number, aim: number): BenchRow {
  return {
    name,
    figure: formatMilliseconds(ours),
    reference: `${other}: ${formatMilliseconds(theirs)}`,
    ratio: ours / theirs,
    aim,
  }
}
