import {
  formatGroupKind,
  groupVersionKindOf,
  isRecord,
  typeMeta,
  type CallOptions,
  type Kind,
  type KubernetesObject,
  type ObjectMeta,
  type Scheme,
} from '@lg/runtime'
import { serializerErrors } from './errors.ts'
import { copyValue, fillAbsent } from './fill.ts'
import type { Judge } from './judge.ts'
import type { FilledField, Sources } from './source.ts'

/** Fills absent fields from a kind's `defaults` and from its schema. What is there, `null` included, stays. */
export interface Defaulter {
  /**
   * A filled copy of an object. What was filled is not written while it is unchanged: a default never reaches a file.
   *
   * @throws {LgError} `UNRECOGNIZED_*`, `DEFAULTING_FAILED`.
   */
  default<T extends KubernetesObject>(object: T, options?: CallOptions): Promise<T>
  /** A new object with its type, the metadata given, and all defaults, which are written like any other value. */
  create<T extends KubernetesObject>(kind: Kind<T>, metadata: ObjectMeta, options?: CallOptions): Promise<T>
}

export function createDefaulter(scheme: Scheme, sources: Sources, judge: Judge): Defaulter {
  return {
    async default<T extends KubernetesObject>(object: T, options: CallOptions = {}): Promise<T> {
      const copy = copyValue(object)
      const filled = await fill(scheme.get(groupVersionKindOf(object)), copy, judge, options)
      const source = sources.get(object)
      if (source !== undefined) sources.set(copy, { ...source, filled: [...source.filled, ...filled] })
      return copy
    },
    async create<T extends KubernetesObject>(kind: Kind<T>, metadata: ObjectMeta, options: CallOptions = {}) {
      const object = { ...typeMeta(kind), metadata: copyValue(metadata) }
      await fill(scheme.get(kind), object, judge, options)
      return object as unknown as T
    },
  }
}

/** Fills `object` itself, from the kind's function and then from its schema, and says what was filled. */
async function fill(
  kind: Kind,
  object: KubernetesObject,
  judge: Judge,
  options: CallOptions,
): Promise<FilledField[]> {
  const own = fillFromKind(kind, object)
  // The schema comes second: it may need what the function filled to accept the object at all.
  const { output } = await judge.judge(kind, object, { strict: false, signal: options.signal })
  return [...own, ...fillFromOutput(object, output)]
}

/** @throws {LgError} `DEFAULTING_FAILED`. */
export function fillFromKind(kind: Kind, object: KubernetesObject): FilledField[] {
  return fillFromOutput(object, defaultsOf(kind, object))
}

export function fillFromOutput(object: KubernetesObject, output: unknown): FilledField[] {
  const target: unknown = object
  return isRecord(target) ? fillAbsent(target, output) : []
}

function defaultsOf(kind: Kind, object: KubernetesObject): unknown {
  try {
    return kind.defaults?.(copyValue(object))
  } catch (cause) {
    const { group, version, kind: name } = kind
    throw serializerErrors.create(
      'DEFAULTING_FAILED',
      `The defaults of ${formatGroupKind(kind)} threw: ${cause instanceof Error ? cause.message : String(cause)}`,
      { kind: { group, version, kind: name } },
      { cause },
    )
  }
}
