import type { GitDirectory } from '@lg/gitdir'
import { movesBranch, type WebhookReceiver } from '@lg/pull-request/webhooks'
import { errorAnswer, jsonAnswer, type SampleRoutes } from '@lg/sample-api'

export const hookPath = '/hooks/git'

export interface HookRoutesOptions {
  /** `undefined`: none are taken. */
  readonly webhooks: WebhookReceiver | undefined
  readonly gitDirectory: GitDirectory
}

/** `POST /hooks/git`: the host says that the branch has moved, so that nobody waits for the next look at it. */
export function addHookRoutes(app: SampleRoutes, { webhooks, gitDirectory }: HookRoutesOptions): void {
  app.post(hookPath, async ({ req }) => {
    if (webhooks === undefined)
      return errorAnswer(404, 'NO_WEBHOOKS', 'No webhooks are taken; start with LG_WEBHOOK_SECRET')
    const event = await webhooks.receive(req.raw, { signal: req.raw.signal })
    const { reference: repository, branch } = gitDirectory
    const pulls = movesBranch(event, { repository, branch })
    if (pulls) gitDirectory.notify()
    return jsonAnswer({ event: event.type, pulls }, 202)
  })
}
