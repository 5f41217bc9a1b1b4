import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { KubernetesObject } from '../src/index.ts'

/** Accepts everything as it is. */
export const anySchema: StandardSchemaV1<KubernetesObject> = {
  '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value: value as KubernetesObject }) },
}
