import type { Commit } from '@lg/git'
import { formatKey, type ObjectKey } from '@lg/runtime'
import { storageGitErrors } from './errors.ts'
import type { FieldConflict } from './merge-values.ts'

/** Both sides changed the same fields since the state that ours was made from. */
export function conflictError(
  key: ObjectKey,
  fields: readonly FieldConflict[],
  { oid, author }: Pick<Commit, 'oid' | 'author'>,
): Error {
  const names = fields.map(({ path }) => path.join('.') || 'the object itself').join(', ')
  return storageGitErrors.create(
    'CONFLICT',
    `${formatKey(key)} was changed by ${author.name} in ${oid.slice(0, 12)} too: ${names}; read it again`,
    { key, fields, commit: oid },
  )
}
