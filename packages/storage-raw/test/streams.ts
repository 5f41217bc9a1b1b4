import { objectKey, type ObjectKey } from '@lg/runtime'
import { createRecognizer } from '@lg/serializer'
import type { Recognize } from '@lg/storage-raw'
import fc from 'fast-check'

export const recognize: Recognize = createRecognizer()
export const names: readonly string[] = ['a', 'b', 'c', 'd']
export const keyOf = (name: string): ObjectKey =>
  objectKey({ group: 'example.org', kind: 'Car', namespace: 'default', name })
export const textOf = (name: string, mark: number): string =>
  `apiVersion: example.org/v1\nkind: Car\nmetadata:\n  name: ${name}\n  namespace: default\nspec: ${mark}\n`

/** A document of a stream: one of our objects with noise around it, or something else. */
const document = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(...names),
      fc.nat(9),
      fc.constantFrom('', '# above\n', '\n\n'),
      fc.constantFrom('', '# below\n', '\n'),
    )
    .map(([name, mark, above, below]) => `${above}${textOf(name, mark)}${below}`),
  fc.constantFrom(
    '# only a comment\n',
    'plain: value\n',
    '',
    '\n',
    'text: |\n  a\n\n',
    '- 1\n- 2\n',
    'broken: [\n',
    '{a: 1}\n',
  ),
)
/** Files with several documents, in every way that people write them. */
export const stream: fc.Arbitrary<string> = fc
  .tuple(
    fc.array(document, { minLength: 1, maxLength: 5 }),
    fc.constantFrom('', '---\n', '# head\n---\n', '%YAML 1.2\n---\n'),
    fc.constantFrom('---\n', '--- # c\n', '...\n---\n'),
    fc.boolean(),
    fc.boolean(),
  )
  .map(([documents, head, separator, crlf, cut]) => {
    const text = head + documents.join(separator)
    const lines = crlf ? text.replaceAll('\n', '\r\n') : text
    return cut ? lines.replace(/\r?\n$/, '') : lines
  })
