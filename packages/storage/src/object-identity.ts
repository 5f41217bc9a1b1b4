import {
  asObject,
  createNameIdentifier,
  formatName,
  groupVersionKindOf,
  identify,
  keyOf,
  objectKey,
  type Identifier,
  type KubernetesObject,
  type ObjectKey,
  type Scheme,
} from '@lg/runtime'

/** The key of an object, by the first of the identifiers that can name it. */
export function createKeyOf(options: {
  readonly scheme: Scheme
  readonly identifiers?: readonly Identifier[] | undefined
  readonly defaultNamespace?: string | undefined
}): (object: KubernetesObject) => ObjectKey {
  const { scheme, defaultNamespace } = options
  const identifiers = options.identifiers ?? [createNameIdentifier({ scopes: scheme })]
  const settings = { scopes: scheme, ...(defaultNamespace === undefined ? {} : { defaultNamespace }) }
  return (object) => {
    const id = identify(asObject(object), identifiers)
    if (object.metadata.name) {
      const key = keyOf(object, settings)
      const plain = formatName(keyOf(object, { scopes: scheme }))
      if (id === plain || id === formatName(key)) return key
    }
    const { group, kind } = groupVersionKindOf(object)
    return objectKey({ group, kind, name: id })
  }
}
