import type { HostAnswer } from '../exchange.ts'
import type { HostContext } from '../fake-host.ts'
import type { HostRepository } from '../host-repository.ts'
import type { HostPull } from '../host-state.ts'
import type { Route } from '../routes.ts'
import { fieldOf } from './answers.ts'
import { mergeabilityOf } from './mergeability.ts'

/** The mutations that the REST side lacks. Failures are answers of status 200, as GraphQL has it. */
export const graphqlRoute: Route<HostContext> = {
  method: 'POST',
  pattern: '/api/graphql',
  async serve({ body }, context) {
    const name = /mutation[^{]*\{\s*(\w+)/.exec(String(fieldOf(body, 'query')))?.[1] ?? ''
    const variables = fieldOf(body, 'variables')
    const id = String(fieldOf(variables, 'id'))
    const [, fullName = '', number = ''] = /^PR_(.*)_(\d+)$/.exec(id) ?? []
    const repository = context.repository(fullName)
    const pull = (await repository?.view(false))?.pulls.find((one) => String(one.number) === number)
    if (repository === undefined || pull === undefined) {
      return refused(name, 'NOT_FOUND', `Could not resolve to a node with the global id of '${id}'.`)
    }
    const problem = await mutate(name, repository, pull, variables)
    if (problem !== undefined) return refused(name, 'UNPROCESSABLE', problem)
    pull.updatedAt = context.now()
    return { status: 200, body: { data: { [name]: { clientMutationId: null } } } }
  },
}

function refused(name: string, type: string, message: string): HostAnswer {
  return { status: 200, body: { data: { [name]: null }, errors: [{ type, path: [name], message }] } }
}

async function mutate(
  name: string,
  repository: HostRepository,
  pull: HostPull,
  variables: unknown,
): Promise<string | undefined> {
  const { settings } = repository
  switch (name) {
    case 'convertPullRequestToDraft':
      if (!settings.drafts) return 'Draft pull requests are not supported in this repository.'
      pull.draft = true
      return undefined
    case 'markPullRequestReadyForReview':
      pull.draft = false
      return undefined
    case 'enablePullRequestAutoMerge': {
      if (!settings.autoMerge) return 'Pull request Auto merge is not allowed for this repository'
      const merge = await mergeabilityOf(pull, repository)
      if (merge?.state === 'clean' || merge?.state === 'draft') {
        return `Pull request Pull request is in ${merge.state} status`
      }
      pull.autoMerge = String(fieldOf(variables, 'method') ?? 'MERGE').toLowerCase()
      return undefined
    }
    case 'disablePullRequestAutoMerge':
      pull.autoMerge = undefined
      return undefined
    default:
      return `Field '${name}' doesn't exist on type 'Mutation'`
  }
}
