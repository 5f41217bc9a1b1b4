/** Keys of maps and indices of lists, from the root of a document: `['spec', 'containers', 0, 'image']`. */
export type Path = readonly (string | number)[]

/** The path as people write it: `spec.containers[0].image`, `metadata.annotations["a/b"]`. */
export function formatPath(path: Path): string {
  let text = ''
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`
    else if (/^[A-Za-z_][\w-]*$/.test(part)) text += text === '' ? part : `.${part}`
    else text += `[${JSON.stringify(part)}]`
  }
  return text === '' ? 'the document' : text
}
