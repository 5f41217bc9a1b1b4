import { parseRepositoryReference, type Oid } from '@lg/git'
import type { AnswerReader } from '../http/answer.ts'
import type { WebhookPullRequest, WebhookPush, WebhookRefChange } from './event.ts'

/** One moved ref, as hosts write it: of all zeros stands for none. */
export function refChange(ref: string, before: Oid, after: Oid): WebhookRefChange {
  const orNone = (oid: Oid): Oid | null => (/^0+$/.test(oid) ? null : oid)
  const branch = ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : undefined
  return { ref, ...(branch !== undefined && { branch }), before: orNone(before), after: orNone(after) }
}

/** The push that most hosts send: `ref`, `before` and `after`. */
export function readUsualPush(payload: AnswerReader, id: string | undefined, cloneUrl: string): WebhookPush {
  return {
    type: 'push',
    id,
    repository: parseRepositoryReference(cloneUrl),
    changes: [refChange(payload.text('ref'), payload.oid('before'), payload.oid('after'))],
  }
}

/** The pull request of GitHub, which Gitea and Forgejo send as well. */
export function readUsualPullRequest(payload: AnswerReader, id: string | undefined): WebhookPullRequest {
  const pull = payload.record('pull_request')
  const action = payload.text('action')
  const closed = pull.value['merged'] === true ? 'merged' : 'closed'
  return {
    type: 'pullRequest',
    id,
    repository: parseRepositoryReference(payload.record('repository').text('clone_url')),
    action:
      action === 'closed' ? closed
      : action === 'opened' || action === 'reopened' ? action
      : 'updated',
    number: pull.number('number'),
    url: pull.optionalText('html_url'),
    title: pull.text('title'),
    head: pull.record('head').text('ref'),
    headCommit: pull.record('head').optionalOid('sha'),
    base: pull.record('base').text('ref'),
  }
}
