import { formatKey, type CallOptions, type KubernetesObject, type ObjectKey } from '@lg/runtime'
import { freezeValue } from './copy-value.ts'
import { storageErrors } from './errors.ts'

/** Has a say in every write before it takes effect. */
export interface Validator {
  /** For messages. */
  readonly name: string
  /** Why the write must not be, or `undefined` to let it pass. What it throws fails the write as well. */
  validate(write: ValidatedWrite, options: CallOptions): string | undefined | Promise<string | undefined>
}

/** A write as validators see it. The objects are not theirs to change. */
export interface ValidatedWrite {
  readonly operation: 'create' | 'update' | 'delete'
  readonly key: ObjectKey
  /** The object as it is; absent for a new one, and for a stored text that does not decode. */
  readonly before: KubernetesObject | undefined
  /** The object as it would be; absent for a deletion. */
  readonly after: KubernetesObject | undefined
}

/** @throws {LgError} `REJECTED` by the first that refuses. */
export async function validateWrite(
  validators: readonly Validator[],
  write: ValidatedWrite,
  options: CallOptions,
): Promise<void> {
  if (validators.length === 0) return
  freezeValue(write.before)
  freezeValue(write.after)
  for (const validator of validators) {
    const { name } = validator
    const reason = await validator.validate(write, options)
    if (reason === undefined) continue
    const { operation, key } = write
    throw storageErrors.create('REJECTED', `Cannot ${operation} ${formatKey(key)}: ${name}: ${reason}`, {
      key,
      validator: name,
      reason,
    })
  }
}
