import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { GitRepository } from '../git.ts'
import { commitCases } from './commit-cases.ts'
import type { GitCase, GitHarness, GitSuite } from './harness.ts'
import { historyCases } from './history-cases.ts'
import { objectCases } from './object-cases.ts'
import { pathCases } from './path-cases.ts'
import { pushCases } from './push-cases.ts'
import { refCases } from './ref-cases.ts'
import { remoteCases } from './remote-cases.ts'
import { storeCases } from './store-cases.ts'
import { treeCases } from './tree-cases.ts'
import { worktreeCases } from './worktree-cases.ts'

/** A promise that an adapter does not keep, by the id of its case. The case still runs, and must fail. */
export interface Waiver {
  readonly case: string
  readonly reason: string
}

export interface GitConformance {
  /** Names the suite: `git-cli over ssh`. */
  readonly name: string
  createHarness(): Promise<GitHarness>
  readonly waivers?: readonly Waiver[] | undefined
  /** Which promises; default all. For a second transport those that touch the remote are enough. */
  readonly groups?: readonly GitCaseGroup[] | undefined
}

export type GitCaseGroup =
  'store' | 'objects' | 'trees' | 'commits' | 'paths' | 'refs' | 'remote' | 'push' | 'history' | 'worktree'

const casesOf: Readonly<Record<GitCaseGroup, readonly GitCase[]>> = {
  store: storeCases,
  objects: objectCases,
  trees: treeCases,
  commits: commitCases,
  paths: pathCases,
  refs: refCases,
  remote: remoteCases,
  push: pushCases,
  history: historyCases,
  worktree: worktreeCases,
}

/**
 * Declares the tests that every implementation of the `Git` port must pass, for vitest.
 *
 * @example
 * ```ts
 * gitConformance({ name: 'git-cli over http', createHarness })
 * ```
 */
export function gitConformance({ name, createHarness, waivers = [], groups }: GitConformance): void {
  describe(`${name}`, () => {
    let harness: GitHarness
    let opened: GitRepository[] = []
    beforeAll(async () => {
      harness = await createHarness()
    })
    afterEach(async () => {
      await Promise.all(opened.map((repository) => repository.close()))
      opened = []
    })
    afterAll(() => harness.close())

    const reasons = new Map(waivers.map((waiver) => [waiver.case, waiver.reason]))
    const suite = (): GitSuite => ({
      ...harness,
      async open(remote) {
        const repository = await harness.git.open({
          dir: await harness.newDir(),
          remote: remote?.reference,
          credentials: remote?.credentials,
        })
        opened.push(repository)
        if (remote) await repository.fetch()
        return repository
      },
    })

    for (const group of groups ?? (Object.keys(casesOf) as GitCaseGroup[])) {
      describe(`${group}`, () => {
        for (const { id, title, run } of casesOf[group]) {
          const reason = reasons.get(id)
          const declare = reason === undefined ? it : it.fails
          declare(`${id}: ${title}${reason === undefined ? '' : ` (waived: ${reason})`}`, () => run(suite()))
        }
      })
    }
    it('waives only cases that exist', () => {
      const ids = new Set(Object.values(casesOf).flatMap((cases) => cases.map(({ id }) => id)))
      expect(waivers.filter((waiver) => !ids.has(waiver.case))).toEqual([])
    })
  })
}
