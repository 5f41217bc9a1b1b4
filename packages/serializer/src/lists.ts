import { isRecord, type Scheme, type TypeMeta } from '@lg/runtime'

/** An object that holds objects: `v1` `List`, or `CarList` where the scheme knows `Car` and not the list itself. */
export interface ObjectList extends TypeMeta {
  readonly items: readonly unknown[]
}

export function isObjectList(value: TypeMeta, scheme: Scheme): value is ObjectList {
  if (!isRecord(value) || !Array.isArray(value['items']) || !value.kind.endsWith('List')) return false
  const slash = value.apiVersion.indexOf('/')
  const group = slash < 0 ? '' : value.apiVersion.slice(0, slash)
  const version = value.apiVersion.slice(slash + 1)
  if (scheme.find({ group, version, kind: value.kind }) !== undefined) return false
  if (group === '' && version === 'v1' && value.kind === 'List') return true
  return scheme.find({ group, version, kind: value.kind.slice(0, -'List'.length) }) !== undefined
}
