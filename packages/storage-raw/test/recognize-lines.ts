import { objectKey } from '@lg/runtime'
import type { RecognizedDocument, Recognize } from '@lg/storage-raw'

/** Enough of YAML for these tests: documents between `---` lines, fields found by their line. */
export const recognizeLines: Recognize = (path, bytes) => {
  const text = Buffer.from(bytes).toString('latin1')
  const contentType = path.endsWith('.json') ? 'application/json' : 'application/yaml'
  const documents: RecognizedDocument[] = []
  let start = 0
  const add = (end: number): void => {
    const content = text.slice(start, end)
    const field = (name: string): string | undefined =>
      new RegExp(`^\\s*"?${name}"?: *"?([^"\\s]+)`, 'm').exec(content)?.[1] ??
      new RegExp(`"${name}":"([^"]*)"`).exec(content)?.[1]
    const [kind, name, apiVersion] = [field('kind'), field('name'), field('apiVersion')]
    const key =
      kind !== undefined && name !== undefined && apiVersion !== undefined ?
        objectKey({ group: apiVersion.split('/')[0] ?? '', kind, namespace: field('namespace'), name })
      : undefined
    const line = text.slice(0, start).split('\n').length
    const problem = content.includes('\t') ? { message: 'a tab', line } : undefined
    documents.push({ start, end, contentType, key, apiVersion, problem })
  }
  for (const separator of text.matchAll(/^---[^\S\n]*(?:\n|$)/gm)) {
    if (documents.length > 0 || /^[^#\s]/m.test(text.slice(start, separator.index))) add(separator.index)
    else if (documents.length === 0 && start > 0) add(separator.index)
    start = separator.index + separator[0].length
  }
  add(text.length)
  return { documents }
}
