import type { HostAnswer } from '../exchange.ts'
import type { HostContext } from '../fake-host.ts'
import type { HostRepository } from '../host-repository.ts'
import type { HostPull } from '../host-state.ts'
import { failed, fieldOf, listField } from './answers.ts'

/** Sets what a request names. What may not be set is dropped, and nothing is said. */
export function applyFields(
  pull: HostPull,
  body: unknown,
  repository: HostRepository,
  context: HostContext,
): void {
  const [title, description, milestone] = ['title', 'description', 'milestone_id'].map((name) =>
    fieldOf(body, name),
  )
  if (typeof title === 'string') pull.title = title.trim()
  pull.draft = /^(?:\[draft\]|\(draft\)|draft:)/i.test(pull.title)
  if (typeof description === 'string')
    pull.body = withoutCommands(description, () => void (pull.state = 'closed'))
  if (milestone !== undefined) {
    const known = repository.state.milestones.some(({ number }) => number === milestone)
    pull.milestone = known ? Number(milestone) : undefined
  }
  pull.labels = labelsAfter(pull, body, repository, context)
  pull.assignees = peopleAfter('assignee_ids', pull.assignees, body, repository, context)
  pull.reviewers = peopleAfter('reviewer_ids', pull.reviewers, body, repository, context)
}

/** Commands of a text are carried out, and no part of it any more. */
export function withoutCommands(text: string, close: () => void): string {
  return text
    .replaceAll('\r', '')
    .replace(/^\/(close|merge|approve|label|assign)\b.*\n?/gm, (_line, name: string) => {
      if (name === 'close') close()
      return ''
    })
}

export function lengthFault(body: unknown): HostAnswer | undefined {
  const [title, description] = [fieldOf(body, 'title'), fieldOf(body, 'description')]
  if (typeof title === 'string' && [...title].length > 255) {
    return failed(400, { title: ['is too long (maximum is 255 characters)'] })
  }
  if (typeof description === 'string' && Buffer.byteLength(description) > 1_048_576) {
    return failed(400, { description: ['is too long (maximum is 1048576 bytes)'] })
  }
  return undefined
}

function labelsAfter(
  pull: HostPull,
  body: unknown,
  { state, settings }: HostRepository,
  context: HostContext,
): string[] {
  const known = (name: string): boolean => {
    if (state.labels.some((label) => label.name === name)) return true
    if (!settings.makeLabels) return false
    state.labels.push({ id: context.nextId(), name, color: '#6699cc' })
    return true
  }
  const [all, add = [], remove = []] = ['labels', 'add_labels', 'remove_labels'].map((name) =>
    listField(body, name),
  )
  const names = [...(all ?? pull.labels), ...add].filter((name) => !remove.includes(name))
  return [...new Set(names)].filter(known)
}

function peopleAfter(
  field: string,
  before: string[],
  body: unknown,
  { settings }: HostRepository,
  { users }: HostContext,
): string[] {
  const ids = fieldOf(body, field)
  if (!Array.isArray(ids)) return before
  if (ids.length === 1 && ids[0] === 0) return []
  const logins = ids
    .slice(0, settings.peopleLimit)
    .flatMap((id: unknown) => (typeof id === 'number' ? (users[id - 1] ?? []) : []))
    .filter((login) => !settings.outsiders.includes(login))
  // Nobody of them: then all stay.
  return logins.length === 0 ? before : logins
}
