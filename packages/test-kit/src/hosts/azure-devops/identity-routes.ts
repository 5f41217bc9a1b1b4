import type { HostContext } from '../fake-host.ts'
import type { Route } from '../routes.ts'
import { wrapped } from './answers.ts'
import { guidOf } from './ids.ts'
import { groupName, personShape, shownName } from './shapes.ts'

const property = ($value: string): unknown => ({ $type: 'System.String', $value })

/** Who there is: people by mail address, and groups. */
export const identityRoutes: readonly Route<HostContext>[] = [
  {
    method: 'GET',
    pattern: '/:collection/_apis/connectionData',
    serve: (_request, context) => ({
      status: 200,
      body: { authenticatedUser: personShape(context.login, context), deploymentType: 'onPremises' },
    }),
  },
  {
    method: 'GET',
    pattern: '/:collection/_apis/identities',
    serve({ query }, { users, teams }) {
      const wanted = (query.get('filterValue') ?? '').toLowerCase()
      const people = users
        .filter((login) => [login, shownName(login)].some((name) => name.toLowerCase() === wanted))
        .map((login) => ({
          id: guidOf(login),
          providerDisplayName: shownName(login),
          isActive: true,
          isContainer: false,
          properties: { Account: property(login), Domain: property('EXAMPLE'), Mail: property(login) },
        }))
      // A search for a group gives its neighbours as well.
      const [, project = ''] = /^\[([^\]]*)\]/.exec(query.get('filterValue') ?? '') ?? []
      const groups = teams.map((team) => groupName(team, project))
      const isNear = groups.some((name) => name.toLowerCase() === wanted)
      const found = (isNear ? groups : []).map((name) => ({
        id: guidOf(name),
        providerDisplayName: name,
        isActive: true,
        isContainer: true,
        properties: { Account: property(name.replace(/^.*\\/, '')) },
      }))
      return wrapped([...people, ...found])
    },
  },
]
