import type { PullRequestErrorCode, PullRequestSpec } from '@lg/pull-request'
import { expect } from 'vitest'
import type { BadInputScene } from './scene.ts'

/** Fails before anything is made, also not a label. */
async function refused(
  { world, provider, fail }: BadInputScene,
  fields: Partial<PullRequestSpec>,
  code: PullRequestErrorCode,
): Promise<void> {
  const spec = await world.propose(fields)
  await fail(provider.createPullRequest(spec), code)
  const writes = world.host.requests.entries.filter(({ method }) => method !== 'GET')
  expect(writes).toEqual([])
}

/** A name that the host does not know: unknown where there are such fields, else ignored, or refused when strict. */
async function unknown(
  scene: BadInputScene,
  fields: Partial<PullRequestSpec>,
  code: PullRequestErrorCode,
  can: boolean,
): Promise<void> {
  if (can) return await refused(scene, fields, code)
  await refused(scene, { ...fields, strict: true }, 'UNSUPPORTED')
  const { ignored } = await scene.provider.createPullRequest(await scene.world.propose(fields))
  expect(ignored.map(({ field }) => field)).toEqual(Object.keys(fields))
}

const labels = Array.from({ length: 300 }, (_, index) => `label-${index}`)

/** What is asked for. */
export const specCases = {
  async 'spec/unknown-assignee'(scene: BadInputScene) {
    const can = scene.provider.capabilities.assignees > 0
    await unknown(scene, { assignees: ['nobody'] }, 'UNKNOWN_USER', can)
  },

  async 'spec/unknown-reviewer'(scene: BadInputScene) {
    await refused(scene, { reviewers: ['nobody'] }, 'UNKNOWN_USER')
  },

  async 'spec/unknown-team'(scene: BadInputScene) {
    const { world, words, provider, fail } = scene
    const can = provider.capabilities.teamReviewers
    if (can && words.unknownTeam === 'INCOMPLETE') {
      const spec = await world.propose({ teamReviewers: ['nobody'] })
      const details = await fail(provider.createPullRequest(spec), 'INCOMPLETE')
      return expect(details).toMatchObject({ failed: 'reviewers', pullRequest: { state: 'open' } })
    }
    await unknown(scene, { teamReviewers: ['nobody'] }, 'UNKNOWN_USER', can)
  },

  async 'spec/unknown-label'(scene: BadInputScene) {
    const { world, logger } = scene
    const provider = world.providerWith({ labels: 'require', logger })
    const wanted = { labels: ['not-there'] }
    if (provider.capabilities.labels === 'existing')
      return await refused({ ...scene, provider }, wanted, 'UNKNOWN_LABEL')
    const { number } = await provider.createPullRequest(await world.propose(wanted))
    expect(await provider.get({ repository: world.repository, number })).toMatchObject(wanted)
  },

  async 'spec/unknown-milestone'(scene: BadInputScene) {
    const can = scene.provider.capabilities.milestone
    await unknown(scene, { milestone: 'v99' }, 'UNKNOWN_MILESTONE', can)
  },

  async 'spec/title-too-long'(scene: BadInputScene) {
    const { words, provider } = scene
    expect(provider.capabilities.titleLimit).toBe(words.titleLimit)
    await refused(scene, { title: 'x'.repeat(words.titleLimit + 1) }, 'VALIDATION')
  },

  async 'spec/as-long-as-it-may-be'({ world, provider }: BadInputScene) {
    const { titleLimit, descriptionLimit } = provider.capabilities
    const title = 'x'.repeat(titleLimit)
    const description = 'y'.repeat(Number.isFinite(descriptionLimit) ? descriptionLimit : 1_000_000)
    const spec = await world.propose({ title, description, draft: true })
    const { number, action } = await provider.createPullRequest(spec)
    expect(action).toBe('created')
    const found = await provider.get({ repository: world.repository, number })
    expect(found).toMatchObject({ title, draft: true })
    expect(found.description === description).toBe(true)
  },

  async 'spec/body-of-100-KB'(scene: BadInputScene) {
    const { world, provider } = scene
    const description = `${'x'.repeat(99_996)}üü`
    if (provider.capabilities.descriptionLimit < description.length)
      return await refused(scene, { description }, 'VALIDATION')
    const { number } = await provider.createPullRequest(await world.propose({ description }))
    const found = await provider.get({ repository: world.repository, number })
    expect(found.description === description).toBe(true)
  },

  async 'spec/300-labels'(scene: BadInputScene) {
    const { world, words, provider } = scene
    if (words.manyLabels === 'VALIDATION') return await refused(scene, { labels }, 'VALIDATION')
    const { number } = await provider.createPullRequest(await world.propose({ labels }))
    const found = await provider.get({ repository: world.repository, number })
    expect(found.labels.toSorted()).toEqual(labels.toSorted())
  },

  async 'spec/base-equal-to-head'(scene: BadInputScene) {
    await refused(scene, { base: 'change' }, 'VALIDATION')
  },
} as const
