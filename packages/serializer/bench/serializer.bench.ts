import { formatMilliseconds, medianCpuMilliseconds, type BenchRow } from '@lg/bench'
import { readCorpus } from '@lg/corpus'
import { createScheme, parseJson, stringifyJson, type KubernetesObject } from '@lg/runtime'
import { parseAllDocuments, parseDocument } from 'yaml'
import { createRecognizer, createSerializer, yamlFrameReader } from '@lg/serializer'

const count = 10_000
const car = (index: number): string => `apiVersion: sample-app.weave.works/v1alpha1
kind: Car # of the fleet
metadata:
  name: car-${index}
  namespace: default
  labels:
    team: "blue"
spec:
  engine: "The MB FE-series"
  brand: Mercedes
  yearModel: "2019"
status:
  speed: 24.7
  acceleration: 10.5
  distance: 12176941420362965433
`

/** The serializer against the `yaml` package doing the same work. */
export async function run(): Promise<BenchRow[]> {
  const cars = Array.from({ length: count }, (_, index) => car(index)).join('---\n')
  const rows = [await recognizeCars(cars), await decodeCars(cars), await changeCars(), await exactJson()]
  const files = readCorpus('files')
  return files.length === 0 ? rows : [...rows, await decodeCorpus(files)]
}

async function recognizeCars(cars: string): Promise<BenchRow> {
  const bytes = new TextEncoder().encode(cars)
  const recognize = createRecognizer()
  const ours = await medianCpuMilliseconds(() => recognize('cars.yaml', bytes), 31)
  const theirs = await medianCpuMilliseconds(() => readWithYaml(cars), 1)
  return row('recognize 10,000 documents', ours, 'yaml parseAllDocuments, toJS', theirs, 1 / 50)
}

async function decodeCars(cars: string): Promise<BenchRow> {
  const decoder = createSerializer({ scheme: createScheme() }).decoder({ decodeUnknown: true })
  const ours = await medianCpuMilliseconds(() => decoder.decodeAll(yamlFrameReader(cars)), 3)
  const theirs = await medianCpuMilliseconds(() => readWithYaml(cars), 1)
  return row('decode 10,000 documents', ours, 'yaml parseAllDocuments, toJS', theirs, 1 / 5)
}

async function changeCars(): Promise<BenchRow> {
  const serializer = createSerializer({ scheme: createScheme() })
  const decoder = serializer.decoder({ decodeUnknown: true })
  const encoder = serializer.encoder()
  const texts = Array.from({ length: 1000 }, (_, index) => car(index))
  const ours = await medianCpuMilliseconds(async () => {
    for (const text of texts) {
      const object = (await decoder.decodeDocument(text)) as KubernetesObject & { status: { speed: number } }
      object.status.speed = 30
      await encoder.encodeDocument(object)
    }
  }, 15)
  const theirs = await medianCpuMilliseconds(() => {
    for (const text of texts) {
      const document = parseDocument(text)
      document.setIn(['status', 'speed'], 30)
      document.toString()
    }
  }, 9)
  return row(
    'change a scalar of 1,000 documents',
    ours,
    'yaml parseDocument, setIn, toString',
    theirs,
    1 / 2.5,
  )
}

async function decodeCorpus(files: ReturnType<typeof readCorpus>): Promise<BenchRow> {
  const options = { decodeUnknown: true, decodeListElements: false }
  const decoder = createSerializer({ scheme: createScheme() }).decoder(options)
  const ours = await medianCpuMilliseconds(async () => {
    // The values of charts among them are no objects.
    for (const { text } of files) await decoder.decodeAll(yamlFrameReader(text)).catch(() => [])
  }, 9)
  const theirs = await medianCpuMilliseconds(() => files.forEach(({ text }) => readWithYaml(text)), 3)
  return row(`decode ${files.length} real files`, ours, 'yaml parseAllDocuments, toJS', theirs, 1 / 5)
}

function readWithYaml(text: string): unknown[] {
  const documents = parseAllDocuments(text)
  return 'empty' in documents ? [] : documents.map((document) => document.toJS() as unknown)
}

async function exactJson(): Promise<BenchRow> {
  const items = Array.from({ length: count }, (_, index) => ({
    name: `car-${index}`,
    distance: index,
    tags: ['a'],
  }))
  const text = stringifyJson({ items })
  const ours = await medianCpuMilliseconds(() => parseJson(text))
  const theirs = await medianCpuMilliseconds(() => JSON.parse(text) as unknown)
  return row('parse JSON without long integers', ours, 'JSON.parse', theirs)
}

function row(name: string, ours: number, against: string, theirs: number, aim?: number): BenchRow {
  const figures = {
    name,
    figure: formatMilliseconds(ours),
    reference: `${against}: ${formatMilliseconds(theirs)}`,
  }
  const ratio = ours / theirs
  return aim === undefined ? { ...figures, ratio } : { ...figures, ratio, aim }
}
