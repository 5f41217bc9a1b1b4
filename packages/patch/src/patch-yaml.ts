import { parseYamlDocuments, planReconcile, type YamlPlan } from '@lg/yaml-edit'
import { applyPatch, type Patch } from './apply-patch.ts'
import { patchErrors } from './errors.ts'
import type { PatchSchema } from './patch-schema.ts'

export interface PatchYamlOptions {
  /** Which document of the stream, from 0. Default 0. */
  readonly document?: number | undefined
  /** Names the merge keys for a strategic merge patch. */
  readonly schema?: PatchSchema | undefined
}

/**
 * YAML text with a patch applied to one of its documents: only what the patch changes is written anew, comments and
 * everything else stay as they are.
 *
 * @throws {LgError} `INVALID_PATCH`, `PATCH_FAILED`, also for a document that is not there; what `@lg/yaml-edit`
 *   throws for text that is not YAML or cannot be edited so.
 * @example
 * ```ts
 * patchYaml('a: 1 # one\nb: 2\n', { type: 'merge', patch: { a: 3 } }) // 'a: 3 # one\nb: 2\n'
 * ```
 */
export function patchYaml(text: string, patch: Patch, options: PatchYamlOptions = {}): string {
  return planPatchYaml(text, patch, options).text
}

/** {@link patchYaml} with the changes that it makes, and what it could not keep as it stood. */
export function planPatchYaml(text: string, patch: Patch, options: PatchYamlOptions = {}): YamlPlan {
  const { document = 0, schema } = options
  const found = parseYamlDocuments(text)[document]
  if (found === undefined) {
    const reason = `the text has no document ${document}`
    throw patchErrors.create('PATCH_FAILED', `Cannot patch: ${reason}`, { path: [], reason })
  }
  const [error] = found.errors
  if (error !== undefined) throw error
  return planReconcile(text, applyPatch(found.value, patch, { schema }), { document })
}
