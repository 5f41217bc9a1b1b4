import type { ObjectKey } from '@lg/runtime'
import { contentTypeOf, extensionsOf } from './content-type.ts'
import { rawStorageErrors } from './errors.ts'
import type { FileTree } from './file-tree.ts'
import { createIndexedRawStorage } from './indexed-raw-storage.ts'
import { checkRoundTrip, createPathTemplate, type PathTemplate } from './path-template.ts'
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
  const template = createPathTemplate(
    options.template ?? (group === undefined ? defaultTemplate : oneGroupTemplate),
  )
  if (!template.hasGroup && group === undefined) {
    const reason =
      'it does not name the group; use {groupKind} or {group}, or give the one group of all objects'
    throw rawStorageErrors.create('INVALID_TEMPLATE', `Not a layout: ${template.template}: ${reason}`, {
      template: template.template,
      reason,
    })
  }
  const { hasExtension, template: text } = template
  if (!hasExtension && contentTypeOf(text) === undefined) {
    const reason = 'it must end in {ext}, .yaml, .yml or .json'
    throw rawStorageErrors.create('INVALID_TEMPLATE', `Not a layout: ${text}: ${reason}`, {
      template: text,
      reason,
    })
  }
  const check = (key: ObjectKey, extension: string): void => {
    if (group !== undefined && key.group !== group) {
      const reason = `this storage holds objects of the group "${group}" only`
      throw rawStorageErrors.create(
        'INVALID_PATH',
        `No place for ${key.kind} "${key.name}" of "${key.group}": ${reason}`,
        {
          path: template.path(key, extension),
          reason,
        },
      )
    }
    checkRoundTrip(template, key, extension, group)
  }
  const pathOf = (key: ObjectKey, extension: string): string => {
    check(key, extension)
    return template.path(key, extension)
  }
  return createIndexedRawStorage({
    files,
    multipleDocuments: false,
    recognize: recognizeByPath(template, group),
    place: (key, contentType) => pathOf(key, extensionsOf(contentType)[0] ?? 'yaml'),
    locate: (key) => (hasExtension ? extensionsOf() : ['yaml']).map((extension) => pathOf(key, extension)),
  })
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
