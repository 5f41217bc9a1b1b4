export { abortable } from './abortable.ts'
export { defineErrors, isLgError, LgError } from './errors.ts'
export type { ErrorDetails, ErrorFamily, ErrorTable } from './errors.ts'
export { runtimeErrors } from './runtime-errors.ts'
export type { RuntimeErrors } from './runtime-errors.ts'
export type { CallOptions, Clock, LogFields, Logger, Random } from './ports.ts'
export { randomHex, silentLogger, systemClock, systemRandom } from './system.ts'
export { formatApiVersion, formatGroupKind, parseApiVersion } from './kind.ts'
export type { GroupKind, GroupVersionKind } from './kind.ts'
export {
  asObject,
  groupVersionKindOf,
  hasTypeMeta,
  isPartialObject,
  isRecord,
  toPartialObject,
  typeMeta,
} from './object.ts'
export type { KubernetesObject, ObjectMeta, PartialObject, TypeMeta, UnstructuredObject } from './object.ts'
export { compareKeys, defaultNamespace, formatKey, formatName, keyId, keyOf, objectKey } from './key.ts'
export type { KindScopes, ObjectKey } from './key.ts'
export { checkPath } from './path.ts'
export { createNameIdentifier, createUidIdentifier, identify } from './identifier.ts'
export type { Identifier } from './identifier.ts'
export { createScheme, defineKind } from './scheme.ts'
export type { Kind, KindDefinition, ObjectOf, ObjectSchema, Scheme, Scope } from './scheme.ts'
export { parseJson, setOwn } from './json-parse.ts'
export { stringifyJson } from './json-stringify.ts'
export { equalValues } from './equal.ts'
