import { testKitErrors } from '../../errors.ts'
import type { HostAnswer } from '../exchange.ts'
import type { HostContext } from '../fake-host.ts'
import type { HostFile } from '../host-git.ts'
import type { HostRepository } from '../host-repository.ts'
import type { HostPull } from '../host-state.ts'
import type { Route } from '../routes.ts'
import { fieldOf } from '../github/answers.ts'
import { failed, pullRoute, repositoryRoute, wrapped } from './answers.ts'
import { numberOf } from './ids.ts'
import { repositoryShape } from './shapes.ts'

/** What there is in Git: branches, common commits, iterations, changes and blobs. */
export const gitRoutes: readonly Route<HostContext>[] = [
  repositoryRoute('GET', '', (_request, context, repository) => ({
    status: 200,
    body: repositoryShape(repository, context),
  })),
  repositoryRoute('GET', '/refs', async ({ query }, _context, { git }) => {
    const filter = query.get('filter') ?? ''
    const refs = Object.entries(await git.refs()).filter(([name]) => name.startsWith(`refs/${filter}`))
    return wrapped(refs.map(([name, objectId]) => ({ name, objectId })))
  }),
  repositoryRoute('POST', '/refs', async ({ body }, _context, repository) => {
    const changes = Array.isArray(body) ? (body as readonly unknown[]) : []
    const results = []
    for (const change of changes) results.push(await changeRef(change, repository))
    return wrapped(results)
  }),
  repositoryRoute('GET', '/commits/:commit/mergebases', async ({ params, query }, context, repository) => {
    const [commit = '', other = ''] = [params['commit'], query.get('otherCommitId') ?? '']
    const otherRepository = context.repositoryWithId(
      numberOf(query.get('otherRepositoryId') ?? '') ?? Number.NaN,
    )
    if (otherRepository !== undefined) {
      await repository.inspect.keep(otherRepository.git, other, `refs/others/${other}`)
    }
    const base = await repository.inspect.mergeBase(commit, other)
    return wrapped(base === undefined ? [] : [{ commitId: base }])
  }),
  pullRoute('GET', '/iterations', async (_request, _context, repository, pull) => {
    const from = await commonCommit(repository, pull)
    return wrapped([
      {
        id: 1,
        sourceRefCommit: { commitId: pull.headCommit },
        targetRefCommit: { commitId: pull.baseCommit },
        commonRefCommit: { commitId: from },
        hasMoreCommits: false,
      },
    ])
  }),
  pullRoute('GET', '/iterations/:iteration/changes', async (request, context, repository, pull) => {
    const from = await commonCommit(repository, pull)
    const files = await repository.inspect.files(from, pull.headCommit)
    const all: unknown[] = []
    for (const file of files) all.push(await changeShape(file, from, repository))
    const skip = Number(request.query.get('$skip') ?? 0)
    const top = Math.min(Number(request.query.get('$top') ?? 100), context.pageLimit)
    const more = skip + top < all.length
    const next = more ? { nextSkip: skip + top, nextTop: top } : { nextSkip: 0, nextTop: 0 }
    return { status: 200, body: { changeEntries: all.slice(skip, skip + top), ...next } }
  }),
  repositoryRoute('GET', '/blobs/:blob', async ({ params }, _context, { git }): Promise<HostAnswer> => {
    const blob = params['blob'] ?? ''
    try {
      const body = await git.git(['cat-file', 'blob', blob])
      return { status: 200, body, headers: { 'content-type': 'application/octet-stream' } }
    } catch (error) {
      if (!testKitErrors.is(error, 'GIT_FAILED')) throw error
      return failed(404, 'GitObjectDoesNotExistException', `TF401035: The object '${blob}' does not exist.`)
    }
  }),
]

async function commonCommit({ inspect }: HostRepository, pull: HostPull): Promise<string> {
  return (await inspect.mergeBase(pull.baseCommit, pull.headCommit)) ?? pull.baseCommit
}

async function changeRef(change: unknown, { git, settings }: HostRepository): Promise<unknown> {
  const [name, before, after] = ['name', 'oldObjectId', 'newObjectId'].map((field) =>
    String(fieldOf(change, field)),
  )
  const shape = { name, oldObjectId: before, newObjectId: after }
  if (settings.lockedBranches.some((branch) => `refs/heads/${branch}` === name)) {
    return {
      ...shape,
      success: false,
      updateStatus: 'rejectedByPolicy',
      customMessage: 'Cannot delete a branch which has policies.',
    }
  }
  if ((await git.refs())[name ?? ''] !== before) {
    return { ...shape, success: false, updateStatus: 'staleOldObjectId' }
  }
  await git.git([
    'update-ref',
    ...(/^0+$/.test(after ?? '') ? ['-d', name ?? ''] : [name ?? '', after ?? '']),
  ])
  return { ...shape, success: true, updateStatus: 'succeeded' }
}

/** What is gone has no path but its original one. */
async function changeShape(file: HostFile, from: string, { git }: HostRepository): Promise<unknown> {
  const { status, path, previousPath = path, blob } = file
  if (status === 'added') return { changeType: 'add', item: { objectId: blob, path: `/${path}` } }
  const originalObjectId = (await git.git(['rev-parse', `${from}:${previousPath}`])).trim()
  const originalPath = `/${previousPath}`
  if (status === 'removed') return { changeType: 'delete', item: { originalObjectId }, originalPath }
  const item = { objectId: blob, originalObjectId, path: `/${path}` }
  if (status === 'modified') return { changeType: 'edit', item }
  return { changeType: blob === originalObjectId ? 'rename' : 'edit, rename', item, originalPath }
}
