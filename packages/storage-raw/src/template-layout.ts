import { keyId, objectKey, type ObjectKey } from '@lg/runtime'
import { contentTypeOf, extensionsOf } from './content-type.ts'
import { rawStorageErrors } from './errors.ts'
import type { FileTree } from './file-tree.ts'
import { createIndexedRawStorage } from './indexed-raw-storage.ts'
import { checkRoundTrip, createPathTemplate, refuseTemplate, type PathTemplate } from './path-template.ts'
import type { RawStorage } from './raw-storage.ts'
import type { RecognizedFile } from './recognized.ts'

/** `Car.example.org/default/foo/metadata.yaml`: the group stands in the folder's name. */
const defaultTemplate = '{groupKind}/{namespace}/{name}/metadata.{ext}'
/** `Car/default/foo/metadata.yaml`, as libgitops lays it out: for objects of one group. */
const oneGroupTemplate = '{kind}/{namespace}/{name}/metadata.{ext}'

export interface LayoutOptions {
  /**
   * The one group of all objects, for a template that does not name it. Default: every group, by a template that does.
   */
  readonly group?: string | undefined
  /**
   * The path of each object: it must name kind and name, and the namespace unless all are cluster-scoped. Default:
   * `{groupKind}/{namespace}/{name}/metadata.{ext}`, and with `group` `{kind}/{namespace}/{name}/metadata.{ext}`.
   */
  readonly template?: string | undefined
}

/** A storage with one object in each file, whose path says which. The file's content is not looked at. */
export function createLayoutRawStorage(files: FileTree, options: LayoutOptions): RawStorage {
  const { group } = options
  const template = layoutTemplate(options)
  const pathOf = (key: ObjectKey, extension: string): string => {
    if (group !== undefined && key.group !== group) {
      const reason = `this storage holds objects of the group "${group}" only`
      const message = `No place for ${key.kind} "${key.name}" of "${key.group}": ${reason}`
      const path = template.path(key, extension)
      throw rawStorageErrors.create('INVALID_PATH', message, { path, reason })
    }
    checkRoundTrip(template, key, extension, group)
    return template.path(key, extension)
  }
  return createIndexedRawStorage({
    files,
    multipleDocuments: false,
    recognize: recognizeByPath(template, group),
    place: (key, contentType) => pathOf(key, extensionsOf(contentType)[0] ?? 'yaml'),
    locate: (key) =>
      (template.hasExtension ? extensionsOf() : ['yaml']).map((extension) => pathOf(key, extension)),
  })
}

/** @throws {LgError} `INVALID_TEMPLATE` for one from whose paths no key can be read. */
function layoutTemplate({ group, template: text }: LayoutOptions): PathTemplate {
  const template = createPathTemplate(text ?? (group === undefined ? defaultTemplate : oneGroupTemplate))
  const refuse = (reason: string): never => refuseTemplate(template.template, reason)
  if (!template.hasGroup && group === undefined)
    refuse('it does not name the group; use {groupKind} or {group}, or give the one group of all objects')
  if (!template.hasExtension && contentTypeOf(template.template) === undefined)
    refuse('it must end in {ext}, .yaml, .yml or .json')
  const leadsBack = (namespace: string): boolean => {
    const key = objectKey({ group: group ?? 'example.org', kind: 'Car', namespace, name: 'foo' })
    const back = template.key(template.path(key), group)
    return back !== undefined && keyId(back) === keyId(key)
  }
  if (!leadsBack('default') && !leadsBack(''))
    refuse('kind and name cannot be read from a path; name both, with something between them')
  return template
}

/** The whole file is the document, and its path says which object that is. */
function recognizeByPath(template: PathTemplate, group: string | undefined) {
  return (path: string, bytes: Uint8Array): RecognizedFile => {
    const key = template.key(path, group)
    const contentType = contentTypeOf(path)
    if (key === undefined || contentType === undefined || bytes.length === 0) return { documents: [] }
    return { documents: [{ start: 0, end: bytes.length, line: 1, contentType, key }] }
  }
}
