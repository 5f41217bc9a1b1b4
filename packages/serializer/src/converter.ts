import {
  formatApiVersion,
  formatGroupKind,
  groupVersionKindOf,
  isRecord,
  typeMeta,
  type GroupVersionKind,
  type Kind,
  type KubernetesObject,
  type Scheme,
} from '@lg/runtime'
import { serializerErrors, type SerializerErrors } from './errors.ts'
import { addedEntries, copyValue, withoutFilled } from './fill.ts'
import type { FilledField, Sources } from './source.ts'

/** Converts objects between the versions of their kind, through the hub. Never defaults, never changes its input. */
export interface Converter {
  /**
   * The object in another version. Where its text is known it stays known: comments follow fields by the kind's
   * `moved` and by path. The object itself when it is in that version already.
   *
   * @throws {LgError} `UNRECOGNIZED_GROUP`, `UNRECOGNIZED_KIND`, `UNRECOGNIZED_VERSION`, `CONVERSION_FAILED`.
   */
  convert(object: KubernetesObject, version: string): KubernetesObject
  /** {@link convert} to a kind that is in hand, with its type. @throws {LgError} `KIND_MISMATCH` as well. */
  convertInto<T extends KubernetesObject>(object: KubernetesObject, kind: Kind<T>): T
  /** {@link convert} to the hub; the object itself when its kind has none. */
  convertToHub(object: KubernetesObject): KubernetesObject
}

type Failure = SerializerErrors['CONVERSION_FAILED']['reason']

export function createConverter(scheme: Scheme, sources: Sources): Converter {
  const convertTo = (object: KubernetesObject, to: Kind): KubernetesObject => {
    const from = scheme.get(groupVersionKindOf(object))
    if (from.version === to.version) return object
    const converted = throughHub(scheme, from, to, object)
    const source = sources.get(object)
    if (source !== undefined) {
      const filled = filledAfter(source.filled, object, converted, (bare) =>
        throughHub(scheme, from, to, bare),
      )
      sources.set(converted, { ...source, filled })
    }
    return converted
  }
  return {
    convert: (object, version) => convertTo(object, scheme.get({ ...groupVersionKindOf(object), version })),
    convertToHub(object) {
      const hub = scheme.hubOf(groupVersionKindOf(object))
      return hub === undefined ? object : convertTo(object, hub)
    },
    convertInto<T extends KubernetesObject>(object: KubernetesObject, kind: Kind<T>): T {
      const actual = groupVersionKindOf(object)
      if (actual.group !== kind.group || actual.kind !== kind.kind) {
        const expected = { group: kind.group, version: kind.version, kind: kind.kind }
        const message = `Expected a ${formatGroupKind(kind)}, but this is a ${formatGroupKind(actual)}`
        throw serializerErrors.create('KIND_MISMATCH', message, { expected, actual })
      }
      return convertTo(object, scheme.get(kind)) as T
    },
  }
}

function throughHub(scheme: Scheme, from: Kind, to: Kind, object: KubernetesObject): KubernetesObject {
  const hub = scheme.hubOf(from)
  if (hub === undefined) throw failed(from, to, 'noHub', 'none of its versions is the hub')
  const atHub = from === hub ? object : step(from, to, hub, from.toHub, object)
  return to === hub ? atHub : step(from, to, to, to.fromHub, atHub)
}

function step(
  from: Kind,
  to: Kind,
  result: Kind,
  conversion: ((object: never) => unknown) | undefined,
  object: KubernetesObject,
): KubernetesObject {
  if (conversion === undefined)
    throw failed(from, to, 'noConversion', `${formatApiVersion(result)} cannot be reached`)
  let value: unknown
  try {
    value = conversion(copyValue(object) as never)
  } catch (cause) {
    throw failed(from, to, 'threw', cause instanceof Error ? cause.message : String(cause), cause)
  }
  if (!isRecord(value)) throw failed(from, to, 'invalidResult', 'the conversion returned no object')
  const { apiVersion: _, kind: __, metadata = copyValue(object.metadata), ...rest } = value
  return { ...typeMeta(result), metadata, ...rest } as KubernetesObject
}

function failed(from: Kind, to: Kind, reason: Failure, why: string, cause?: unknown): Error {
  const pick = ({ group, version, kind }: Kind): GroupVersionKind => ({ group, version, kind })
  const what = `${formatGroupKind(from)} from ${from.version} to ${to.version}`
  return serializerErrors.create(
    'CONVERSION_FAILED',
    `Cannot convert ${what}: ${why}`,
    { from: pick(from), to: pick(to), reason },
    cause === undefined ? undefined : { cause },
  )
}

/**
 * What defaulting filled, as it stands after a conversion: the entries that the object converted without them lacks.
 */
function filledAfter(
  filled: readonly FilledField[],
  object: KubernetesObject,
  converted: KubernetesObject,
  convert: (bare: KubernetesObject) => KubernetesObject,
): readonly FilledField[] {
  if (filled.length === 0) return []
  const bare = convert(withoutFilled(object, filled))
  return addedEntries(bare, converted)
}
