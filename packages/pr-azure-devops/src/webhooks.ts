import { parseRepositoryReference } from '@lg/git'
import type { AnswerReader } from '@lg/pull-request/http'
import {
  bytesOfBase64,
  createWebhookReceiver,
  isSameText,
  refChange,
  type WebhookDialect,
  type WebhookOptions,
  type WebhookPullRequest,
  type WebhookPullRequestAction,
  type WebhookReceiver,
} from '@lg/pull-request/webhooks'

const dialect: WebhookDialect = {
  host: 'Azure DevOps',
  async verify({ headers, secret }) {
    const encoded = /^basic +([a-z0-9+/=]+)$/i.exec(headers.get('authorization') ?? '')?.[1]
    const bytes = encoded === undefined ? undefined : bytesOfBase64(encoded)
    if (bytes === undefined) {
      return {
        type: 'refused',
        reason: 'basic authentication is missing; give the service hook the password',
      }
    }
    const given = new TextDecoder().decode(bytes)
    // A secret without a user is the password of any.
    const compared = secret.includes(':') ? given : given.slice(given.indexOf(':') + 1)
    return (await isSameText(compared, secret)) ?
        { type: 'verified' }
      : { type: 'refused', reason: 'the password does not fit; is it the same on both sides?' }
  },
  parse(payload) {
    const name = payload.text('eventType')
    const id = payload.optionalText('id')
    if (name === 'git.push') {
      const resource = payload.record('resource')
      return {
        type: 'push',
        id,
        repository: parseRepositoryReference(resource.record('repository').text('remoteUrl')),
        changes: resource
          .list('refUpdates')
          .map((update) =>
            refChange(update.text('name'), update.oid('oldObjectId'), update.oid('newObjectId')),
          ),
      }
    }
    if (name.startsWith('git.pullrequest.')) return readPullRequest(payload, name, id)
    return { type: 'other', id, name }
  },
}

function readPullRequest(payload: AnswerReader, name: string, id: string | undefined): WebhookPullRequest {
  const pull = payload.record('resource')
  return {
    type: 'pullRequest',
    id,
    repository: parseRepositoryReference(pull.record('repository').text('remoteUrl')),
    action: actionOf(name, pull.text('status')),
    number: pull.number('pullRequestId'),
    url: pull.optionalRecord('_links')?.optionalRecord('web')?.optionalText('href'),
    title: pull.text('title'),
    head: branchOf(pull.text('sourceRefName')),
    headCommit: pull.optionalRecord('lastMergeSourceCommit')?.optionalOid('commitId'),
    base: branchOf(pull.text('targetRefName')),
  }
}

/** `git.pullrequest.merged` tells of trial merges too, so the status decides. */
function actionOf(name: string, status: string): WebhookPullRequestAction {
  if (status === 'completed') return 'merged'
  if (status === 'abandoned') return 'closed'
  return name === 'git.pullrequest.created' ? 'opened' : 'updated'
}

function branchOf(ref: string): string {
  return ref.replace(/^refs\/heads\//, '')
}

/**
 * Service hooks of Azure DevOps. They are not signed: what proves the sender is basic authentication, so use `https`. The
 * secret is the password, or `user:password`.
 *
 * @throws {LgError} `INVALID_OPTION` of `@lg/pull-request/webhooks`.
 */
export function createAzureDevOpsWebhooks(options: WebhookOptions): WebhookReceiver {
  return createWebhookReceiver(dialect, options)
}
