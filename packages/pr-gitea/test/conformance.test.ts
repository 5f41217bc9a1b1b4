import { pullRequestConformance } from '@lg/pull-request/testing'
import { describe } from 'vitest'
import { createHarness, forgejo, gitea123, gitea126 } from './world.ts'

pullRequestConformance({ name: gitea126.name, create: () => createHarness(gitea126) })

describe('other versions', { tags: ['slow'] }, () => {
  for (const flavour of [gitea123, forgejo]) {
    pullRequestConformance({ name: flavour.name, create: () => createHarness(flavour) })
  }
})
