import { checkPath, formatKey, keyId, objectKey, type ObjectKey } from '@lg/runtime'
import { rawStorageErrors } from './errors.ts'

/** Where the file of an object goes, and which object a file is for. */
export interface PathTemplate {
  readonly template: string
  /**
   * The checked path for a key.
   *
   * @param extension fills `{ext}`. Default `yaml`.
   * @throws {LgError} `INVALID_PATH` when a part of the key cannot stand in a path.
   */
  path(key: ObjectKey, extension?: string): string
  /**
   * The key that a path is for; `undefined` for a path that the template does not make.
   *
   * @param group the group, for a template that does not name it. Default: the core group.
   */
  key(path: string, group?: string): ObjectKey | undefined
  /** True when `{ext}` stands in the template. */
  readonly hasExtension: boolean
  /** True when the template names the group. */
  readonly hasGroup: boolean
}

const fields = ['group', 'kind', 'groupKind', 'namespace', 'name', 'ext'] as const
type Field = (typeof fields)[number]

/** Stands for the core group, whose name is empty. */
const coreGroup = 'core'

/**
 * A template such as `{kind}/{namespace}/{name}.yaml`. Fields: `{kind}`, `{group}` (`core` for the core group),
 * `{groupKind}` (`Car.example.org`, `Pod`), `{namespace}` (for a cluster-scoped kind its folder is left out), `{name}`
 * and `{ext}`.
 *
 * @throws {LgError} `INVALID_TEMPLATE` for an unknown field, or a text that is no path.
 */
export function createPathTemplate(template: string): PathTemplate {
  const parts = template.split('/').map((part) => parsePart(part, template))
  const used = new Set(parts.flatMap((part) => part.fields))
  for (const part of parts) {
    // Only a part of its own can be left out of a path.
    if (part.fields.includes('namespace') && part.text !== '{namespace}' && part.fields.length === 1) {
      refuseTemplate(template, `{namespace} must be a part of its own, not "${part.text}"`)
    }
  }
  const fill = (values: Record<Field, string>): string =>
    parts
      .filter(({ text }) => text !== '{namespace}' || values.namespace !== '')
      .map(({ text }) => text.replace(/\{(\w+)\}/g, (_, field: Field) => values[field]))
      .join('/')
  const literals = fill({ group: 'g', kind: 'k', groupKind: 'k.g', namespace: 'n', name: 'n', ext: 'yaml' })
  try {
    checkPath(literals)
  } catch (cause) {
    refuseTemplate(template, 'it is not a path below the root', cause)
  }
  const patterns = [parts, parts.filter(({ text }) => text !== '{namespace}')].map(toPattern)

  const valuesOf = ({ group, kind, namespace, name }: ObjectKey, ext: string): Record<Field, string> => ({
    group: group || coreGroup,
    kind,
    groupKind: group === '' ? kind : `${kind}.${group}`,
    namespace,
    name,
    ext,
  })

  return {
    template,
    hasExtension: used.has('ext'),
    hasGroup: used.has('group') || used.has('groupKind'),
    path(key, extension = 'yaml') {
      const values = valuesOf(key, extension)
      for (const field of used) {
        const value = values[field]
        if (/[/\\]/.test(value) || value === '.' || value === '..') {
          const path = fill(values)
          throw rawStorageErrors.create(
            'INVALID_PATH',
            `No file name can be made for ${formatKey(key)}: its ${field} ${JSON.stringify(value)} is a path`,
            { path, reason: `${field} is a path` },
          )
        }
      }
      const path = fill(values)
      checkPath(path)
      return path
    },
    key(path, group = '') {
      for (const pattern of patterns) {
        const found = pattern.exec(path)?.groups
        if (found === undefined) continue
        const key = toKey(found, group)
        if (key !== undefined && fill(valuesOf(key, found['ext'] ?? '')) === path) return key
      }
      return undefined
    },
  }
}

interface Part {
  readonly text: string
  readonly fields: readonly Field[]
}

function parsePart(text: string, template: string): Part {
  const found = [...text.matchAll(/\{([^}]*)\}/g)].map(([, field]) => field as Field)
  for (const field of found) {
    if (!fields.includes(field))
      refuseTemplate(template, `{${field}} is not a field; there are ${fields.join(', ')}`)
  }
  if (/[{}]/.test(text.replace(/\{\w+\}/g, ''))) refuseTemplate(template, 'a brace has no partner')
  return { text, fields: found }
}

function toPattern(parts: readonly Part[]): RegExp {
  const seen = new Set<string>()
  const pattern = parts.map(({ text }) =>
    text.replace(/\{(\w+)\}|[^{}]+/g, (token, field?: Field) => {
      if (field === undefined) return token.replace(/[\\^$.|?*+()[\]]/g, '\\$&')
      if (seen.has(field)) return `\\k<${field}>`
      seen.add(field)
      return `(?<${field}>${field === 'kind' ? '[^/.]+' : '[^/]+'})`
    }),
  )
  return new RegExp(`^${pattern.join('/')}$`, 's')
}

function toKey(found: Record<string, string>, defaultGroup: string): ObjectKey | undefined {
  const { groupKind, name } = found
  if (name === undefined) return undefined
  const dot = groupKind?.indexOf('.') ?? -1
  const kind =
    groupKind === undefined ? found['kind']
    : dot < 0 ? groupKind
    : groupKind.slice(0, dot)
  const stated =
    groupKind !== undefined ?
      dot < 0 ?
        ''
      : groupKind.slice(dot + 1)
    : found['group'] === coreGroup ? ''
    : (found['group'] ?? defaultGroup)
  if (kind === undefined || kind === '') return undefined
  return objectKey({ group: stated, kind, namespace: found['namespace'] ?? '', name })
}

/**
 * Refuses a key that the template does not lead back to: a storage that has no other record of keys would lose it.
 */
export function checkRoundTrip(
  template: PathTemplate,
  key: ObjectKey,
  extension: string,
  group?: string,
): void {
  const path = template.path(key, extension)
  const back = template.key(path, group)
  if (back !== undefined && keyId(back) === keyId(key)) return
  const reason = `${template.template} would read it back as ${back === undefined ? 'nothing' : formatKey(back)}`
  throw rawStorageErrors.create('INVALID_PATH', `No place for ${formatKey(key)}: ${reason}`, { path, reason })
}

export function refuseTemplate(template: string, reason: string, cause?: unknown): never {
  throw rawStorageErrors.create(
    'INVALID_TEMPLATE',
    `Not a path template: ${template}: ${reason}`,
    { template, reason },
    {
      cause,
    },
  )
}
