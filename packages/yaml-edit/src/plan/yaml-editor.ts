import type { Path } from '../path.ts'
import type { YamlEdit } from './apply-edits.ts'
import { type EditOptions, type YamlPlan, planEdit } from './plan.ts'

/** Collects edits of one document, to be made together. */
export interface YamlEditor {
  set(path: Path, value: unknown): YamlEditor
  delete(path: Path): YamlEditor
  append(path: Path, value: unknown): YamlEditor
  rename(path: Path, to: string): YamlEditor
  /** All edits so far as one plan; the text is read, written and checked once for all of them. */
  plan(): YamlPlan
  /** The new text. */
  toString(): string
}

/**
 * A handle for many edits of one document. Nothing happens before {@link YamlEditor.plan} or `toString`
 * is called, where the errors of {@link editYaml} are thrown.
 *
 * @example
 * ```ts
 * editorFor(text).set(['spec', 'replicas'], 5).delete(['spec', 'paused']).toString()
 * ```
 */
export function editorFor(text: string, options: EditOptions = {}): YamlEditor {
  const edits: YamlEdit[] = []
  const add = (edit: YamlEdit): YamlEditor => {
    edits.push(edit)
    return editor
  }
  const editor: YamlEditor = {
    set: (path, value) => add({ op: 'set', path, value }),
    delete: (path) => add({ op: 'delete', path }),
    append: (path, value) => add({ op: 'append', path, value }),
    rename: (path, to) => add({ op: 'rename', path, to }),
    plan: () => planEdit(text, edits, options),
    toString: () => planEdit(text, edits, options).text,
  }
  return editor
}
