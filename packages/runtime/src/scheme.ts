import type { StandardSchemaV1 } from '@standard-schema/spec'
import { formatApiVersion, formatGroupKind, type GroupKind, type GroupVersionKind } from './kind.ts'
import type { KindScopes } from './key.ts'
import type { KubernetesObject } from './object.ts'
import { runtimeErrors } from './runtime-errors.ts'

export type Scope = 'namespaced' | 'cluster'

/** A schema of zod, valibot or any other library that speaks Standard Schema (https://standardschema.dev). */
export type ObjectSchema = StandardSchemaV1<unknown>

/** The object type that a schema accepts: the stored value, before any default or coercion of the schema. */
export type ObjectOf<Schema extends ObjectSchema> = StandardSchemaV1.InferInput<Schema> & KubernetesObject

/**
 * One version of one kind, with everything lg needs to know of it.
 *
 * One version of a kind may be its hub; the others convert to and from it (`toHub`, `fromHub`).
 */
export interface Kind<T extends KubernetesObject = KubernetesObject> extends GroupVersionKind {
  readonly scope: Scope
  /** Judges values; what it strips, coerces or defaults never reaches a file. */
  readonly schema: StandardSchemaV1<unknown>
  /** Values for absent fields, deeply; a field that is there is never overwritten. Applied on request only. */
  readonly defaults?: ((object: T) => unknown) | undefined
  /** True for the version that the others convert to. */
  readonly hub?: boolean | undefined
  /** This version's object as the hub's; apiVersion is filled in. */
  readonly toHub?: ((object: T) => unknown) | undefined
  /** The hub's object as this version's; apiVersion is filled in. Its parameter names the hub's type. */
  readonly fromHub?: ((hub: never) => unknown) | undefined
  /** Fields that `toHub` moves, as dotted paths `[here, in the hub]`: their comments follow. */
  readonly moved?: readonly (readonly [here: string, hub: string])[] | undefined
}

/** What {@link defineKind} and {@link Scheme.register} take: a {@link Kind} that infers its type from `schema`. */
export interface KindDefinition<Schema extends ObjectSchema> extends Omit<Kind<ObjectOf<Schema>>, 'schema'> {
  readonly schema: Schema
}

/**
 * A kind whose object type is that of its schema, to be registered with any number of schemes.
 *
 * @example
 * ```ts
 * export const Car = defineKind({ group: 'example.org', version: 'v1', kind: 'Car', scope: 'namespaced', schema })
 * export type Car = ObjectOf<typeof schema>
 * ```
 */
export function defineKind<Schema extends ObjectSchema>(
  definition: KindDefinition<Schema>,
): Kind<ObjectOf<Schema>> {
  return definition as unknown as Kind<ObjectOf<Schema>>
}

/** The kinds that a program knows. Filled at start, then only read; reading never changes it. */
export interface Scheme extends KindScopes {
  /**
   * Adds a kind and returns it.
   *
   * @throws {LgError} `INVALID_SCHEME` when the version is registered already, the scope differs from another
   *   version's, a second hub is named, or only one of `toHub` and `fromHub` is given.
   */
  register<Schema extends ObjectSchema>(definition: KindDefinition<Schema>): Kind<ObjectOf<Schema>>
  register<T extends KubernetesObject>(kind: Kind<T>): Kind<T>
  find(kind: GroupVersionKind): Kind | undefined
  /**
   * The registered kind.
   *
   * @throws {LgError} `UNRECOGNIZED_GROUP`, `UNRECOGNIZED_KIND` or `UNRECOGNIZED_VERSION`, whichever part is the
   *   first that is not known, with what is known instead.
   */
  get(kind: GroupVersionKind): Kind
  /** Every version of a kind, in the order of registration; the first is the preferred one. */
  versionsOf(kind: GroupKind): readonly Kind[]
  hubOf(kind: GroupKind): Kind | undefined
  /** Every registered kind, in the order of registration. */
  kinds(): readonly Kind[]
}

export function createScheme(): Scheme {
  const byGroup = new Map<string, Map<string, Kind[]>>()
  const all: Kind[] = []

  const versionsOf = ({ group, kind }: GroupKind): readonly Kind[] => byGroup.get(group)?.get(kind) ?? []
  const find = (wanted: GroupVersionKind): Kind | undefined =>
    versionsOf(wanted).find(({ version }) => version === wanted.version)

  return {
    find,
    versionsOf,
    hubOf: (kind) => versionsOf(kind).find(({ hub }) => hub),
    scopeOf: (kind) => versionsOf(kind)[0]?.scope,
    kinds: () => [...all],
    register: ((definition: Kind): Kind => {
      const reason = contradiction(definition, versionsOf(definition))
      if (reason !== undefined) {
        throw runtimeErrors.create('INVALID_SCHEME', `Cannot register ${describe(definition)}: ${reason}`, {
          kind: pick(definition),
          reason,
        })
      }
      const { group, kind } = definition
      const kinds = byGroup.get(group) ?? new Map<string, Kind[]>()
      byGroup.set(group, kinds.set(kind, [...(kinds.get(kind) ?? []), definition]))
      all.push(definition)
      return definition
    }) as Scheme['register'],
    get(wanted) {
      const found = find(wanted)
      if (found !== undefined) return found
      const kinds = byGroup.get(wanted.group)
      const details = (known: readonly string[]) => ({ kind: pick(wanted), known })
      if (kinds === undefined) {
        const known = [...byGroup.keys()]
        throw runtimeErrors.create(
          'UNRECOGNIZED_GROUP',
          `Unknown group "${wanted.group}" in ${describe(wanted)}; known: ${known.join(', ') || 'none'}`,
          details(known),
        )
      }
      const versions = kinds.get(wanted.kind)
      if (versions === undefined) {
        const known = [...kinds.keys()]
        throw runtimeErrors.create(
          'UNRECOGNIZED_KIND',
          `Unknown kind ${describe(wanted)}; known in group "${wanted.group}": ${known.join(', ')}`,
          details(known),
        )
      }
      const known = versions.map(({ version }) => version)
      throw runtimeErrors.create(
        'UNRECOGNIZED_VERSION',
        `Unknown version ${describe(wanted)}; ${formatGroupKind(wanted)} is known in: ${known.join(', ')}`,
        details(known),
      )
    },
  }
}

function contradiction(kind: Kind, others: readonly Kind[]): string | undefined {
  if (others.some(({ version }) => version === kind.version)) return 'this version is registered already'
  const [first] = others
  if (first !== undefined && first.scope !== kind.scope) {
    return `it is ${kind.scope}, but ${first.version} is ${first.scope}`
  }
  if (kind.hub && others.some(({ hub }) => hub)) return 'another version is the hub already'
  if (kind.hub && (kind.toHub ?? kind.fromHub)) return 'the hub does not convert to itself'
  if ((kind.toHub === undefined) !== (kind.fromHub === undefined)) return 'toHub and fromHub go together'
  return undefined
}

const pick = ({ group, version, kind }: GroupVersionKind): GroupVersionKind => ({ group, version, kind })
/** Without a version, when any will do. */
const describe = (kind: GroupVersionKind): string =>
  kind.version === '' ? formatGroupKind(kind) : `${kind.kind} in ${formatApiVersion(kind)}`
