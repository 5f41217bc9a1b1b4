import { keyOf, formatName, type KindScopes } from './key.ts'
import { formatGroupKind } from './kind.ts'
import { groupVersionKindOf, type KubernetesObject } from './object.ts'
import { runtimeErrors } from './runtime-errors.ts'

/** Names an object within its kind, or declines with `undefined`. */
export interface Identifier {
  readonly name: string
  identify(object: KubernetesObject): string | undefined
}

/** `namespace/name`, and the name alone for a cluster-scoped kind. Declines an object without a name. */
export function createNameIdentifier(options: { readonly scopes?: KindScopes } = {}): Identifier {
  return {
    name: 'name',
    identify: (object) => (object.metadata.name ? formatName(keyOf(object, options)) : undefined),
  }
}

/** `metadata.uid`. Declines an object without one. */
export function createUidIdentifier(): Identifier {
  return { name: 'uid', identify: (object) => object.metadata.uid || undefined }
}

/**
 * The answer of the first identifier that does not decline.
 *
 * @throws {LgError} `NOT_IDENTIFIABLE` when all decline.
 */
export function identify(object: KubernetesObject, identifiers: readonly Identifier[]): string {
  for (const identifier of identifiers) {
    const id = identifier.identify(object)
    if (id !== undefined) return id
  }
  const kind = formatGroupKind(groupVersionKindOf(object))
  throw runtimeErrors.create(
    'NOT_IDENTIFIABLE',
    `A ${kind} has neither of: ${identifiers.map(({ name }) => name).join(', ')}; give it a metadata.name`,
    { kind },
  )
}
