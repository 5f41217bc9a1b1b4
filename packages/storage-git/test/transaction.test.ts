import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { carKey, carKind, createFleet, newCar, type Car, type Fleet } from './fleet.ts'

let fleet: Fleet
beforeEach(async () => {
  fleet = await createFleet()
})
afterEach(() => fleet.close())

const drive =
  (speed: number) => async (tx: { get: Fleet['storage']['get']; update(car: Car): Promise<unknown> }) => {
    const car = await tx.get<Car>(carKey('foo'))
    car.status = { ...car.status, speed }
    await tx.update(car)
  }

describe('a transaction straight to the base', () => {
  it('becomes one commit on the branch, in which one line differs', async () => {
    const { storage, remote } = fleet
    const result = await storage.transaction('drive-', async (tx) => {
      await drive(24.7)(tx)
      return { target: 'base', title: 'Drive', description: 'Faster.' }
    })
    expect(result).toMatchObject({ outcome: 'committed', branch: 'main' })
    const diff = await remote.diff('main~1', 'main')
    expect(diff.text.split('\n').filter((line) => /^[-+] /.test(line))).toEqual([
      '-  speed: 1.5',
      '+  speed: 24.7',
    ])
    expect(await storage.get<Car>(carKey('foo'))).toMatchObject({ status: { speed: 24.7 } })
  })

  it('writes title, blank line, description and trailers', async () => {
    await fleet.storage.transaction('drive-', async (tx) => {
      await drive(2)(tx)
      return {
        target: 'base',
        title: 'Drive',
        description: 'Faster.\n',
        author: { name: 'Ann', email: 'ann@example.org' },
        trailers: { 'Co-authored-by': ['Bob <bob@example.org>'] },
      }
    })
    const [commit] = await fleet.remote.log('main')
    expect(commit).toMatchObject({ message: 'Drive\n\nFaster.\n\nCo-authored-by: Bob <bob@example.org>' })
    expect(await fleet.remote.git(['log', '-1', '--format=%an <%ae> / %cn', 'main'])).toBe(
      'Ann <ann@example.org> / lg\n',
    )
  })

  it('reads its own writes, which nobody else sees before', async () => {
    const { storage } = fleet
    await storage.transaction('drive-', async (tx) => {
      await drive(99)(tx)
      await tx.create(newCar('fresh'))
      await tx.delete(carKey('left'))
      expect(await tx.get<Car>(carKey('foo'))).toMatchObject({ status: { speed: 99 } })
      expect(await tx.count(carKind)).toBe(3)
      expect(await storage.get<Car>(carKey('foo'))).toMatchObject({ status: { speed: 1.5 } })
      expect((await storage.list(carKind)).map(({ metadata }) => metadata.name)).toEqual([
        'foo',
        'left',
        'right',
      ])
      return { target: 'base', title: 'Change three cars' }
    })
    expect((await storage.list(carKind)).map(({ metadata }) => metadata.name)).toEqual([
      'foo',
      'fresh',
      'right',
    ])
    expect(await fleet.remote.listFiles('main')).toEqual([
      'README.md',
      'cars/default/fresh.yaml',
      'cars/foo.yaml',
      'cars/pair.yaml',
    ])
    expect(await fleet.remote.readFile('main', 'cars/pair.yaml')).toContain('# right is dear to us.')
  })

  it('waits for a write that the callback forgot to await', async () => {
    await fleet.storage.transaction('drive-', async (tx) => {
      void drive(7)(tx)
      return { target: 'base', title: 'Drive' }
    })
    expect(await fleet.storage.get<Car>(carKey('foo'))).toMatchObject({ status: { speed: 7 } })
  })

  it('runs again on the new base when somebody was first', async () => {
    const attempts: number[] = []
    const result = await fleet.storage.transaction('drive-', async (tx) => {
      attempts.push(tx.attempt)
      await drive(5)(tx)
      if (tx.attempt === 1) {
        await fleet.remote.commit({ files: { 'README.md': 'Changed meanwhile.\n' }, message: 'Meanwhile' })
      }
      return { target: 'base', title: 'Drive' }
    })
    expect(attempts).toEqual([1, 2])
    expect(result).toMatchObject({ outcome: 'committed' })
    expect((await fleet.remote.log('main')).map(({ message }) => message.trim())).toEqual([
      'Drive',
      'Meanwhile',
      'Add files',
    ])
  })

  it('lets transactions on different objects run side by side, and all land', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f']
    const results = await Promise.all(
      names.map((name) =>
        fleet.storage.transaction('add-', async (tx) => {
          await tx.create(newCar(name))
          return { target: 'base', title: `Add ${name}` }
        }),
      ),
    )
    expect(results.every(({ outcome }) => outcome === 'committed')).toBe(true)
    expect(await fleet.storage.count(carKind)).toBe(3 + names.length)
    expect(await fleet.remote.fsck()).toEqual([])
  })
})

describe('a transaction on a branch', () => {
  it('gets 8 random hex digits behind a name that ends in "-"', async () => {
    const result = await fleet.storage.transaction('drive-', async (tx) => {
      expect(tx.name).toMatch(/^drive-[0-9a-f]{8}$/)
      await drive(3)(tx)
      return { target: 'branch', title: 'Drive' }
    })
    expect(result).toMatchObject({ branch: expect.stringMatching(/^drive-[0-9a-f]{8}$/) })
    expect(result).not.toHaveProperty('pullRequest')
    expect(await fleet.storage.get<Car>(carKey('foo'))).toMatchObject({ status: { speed: 1.5 } })
  })

  it('updates a fixed branch that only we wrote, and leaves it alone when nothing differs', async () => {
    const change = (speed: number) => () =>
      fleet.storage.transaction('nightly', async (tx) => {
        await drive(speed)(tx)
        return { target: 'branch', title: 'Nightly' }
      })
    const first = await change(3)()
    const again = await change(3)()
    expect(again).toEqual(first)
    await change(4)()
    expect(await fleet.remote.readFile('nightly', 'cars/foo.yaml')).toContain('speed: 4\n')
    expect(await fleet.remote.git(['rev-list', '--count', 'main..nightly'])).toBe('1\n')
  })

  it('never overwrites a commit that somebody else added to it', async () => {
    const change = () =>
      fleet.storage.transaction('nightly', async (tx) => {
        await drive(Math.PI)(tx)
        return { target: 'branch', title: 'Nightly' }
      })
    await change()
    const theirs = await fleet.remote.commit({
      branch: 'nightly',
      files: { 'note.txt': 'mine\n' },
      message: 'Note',
    })
    await expect(change()).rejects.toMatchObject({
      code: 'BRANCH_EXISTS',
      details: { branch: 'nightly', commit: theirs },
    })
    expect((await fleet.remote.branches())['nightly']).toBe(theirs)
  })

  it('never overwrites what somebody committed under its name, or made of its own commit', async () => {
    const { remote, storage } = fleet
    const change = (branch: string, speed: number) =>
      storage.transaction(branch, async (tx) => {
        await drive(speed)(tx)
        return { target: 'branch', branch, title: 'Nightly' }
      })
    const somebody: Record<string, (ours: string, branch: string) => Promise<string>> = {
      'on top': (_, branch) =>
        remote.commit({ branch, files: { 'a.txt': 'a' }, author: { name: 'lg', email: 'lg@localhost' } }),
      // An amended commit keeps all headers, and could keep the time too.
      amended: async (ours) => {
        const text = await remote.git(['cat-file', 'commit', ours])
        const tree = (await remote.git(['rev-parse', 'main^{tree}'])).trim()
        const input = text.replace(/^tree .*/, `tree ${tree}`)
        return await remote.git(['hash-object', '-t', 'commit', '-w', '--stdin'], { input })
      },
    }
    for (const [name, make] of Object.entries(somebody)) {
      const branch = name.replace(' ', '-')
      const first = await change(branch, 3)
      if (first.outcome !== 'committed') throw new Error('not committed')
      const theirs = (await make(first.commit, branch)).trim()
      await remote.resetBranch(branch, theirs)
      const again = change(branch, 4)
      await expect(again, name).rejects.toMatchObject({ code: 'BRANCH_EXISTS', details: { commit: theirs } })
      expect((await remote.branches())[branch]).toBe(theirs)
    }
  })

  it.each(['', '-x', 'a..b', 'a b', 'refs/../x', 'x.lock', '@'])('refuses the name %j', async (name) => {
    const change = fleet.storage.transaction(name, async () => ({ target: 'branch', title: 'x' }))
    await expect(change).rejects.toMatchObject({ code: 'INVALID_REF' })
  })
})

describe('a transaction as a pull request', () => {
  it('opens it with everything that the decision says', async () => {
    const { storage, provider, directory } = fleet
    const result = await storage.transaction('drive-', async (tx) => {
      await drive(3)(tx)
      return {
        target: 'pullRequest',
        title: 'Drive',
        description: 'Faster.',
        labels: ['user/bot'],
        assignees: ['ann'],
        milestone: 'v1',
      }
    })
    if (result.outcome !== 'committed') throw new Error('not committed')
    const number = result.pullRequest?.number ?? 0
    expect(await provider.get({ repository: directory.reference, number })).toMatchObject({
      head: result.branch,
      base: 'main',
      title: 'Drive',
      description: 'Faster.',
      labels: ['user/bot'],
      assignees: ['ann'],
      milestone: 'v1',
    })
  })

  it('keeps branch and commit when the pull request fails, and repairs it later', async () => {
    const { storage, remote } = fleet
    const refuse = '#!/bin/sh\ncase "$1" in refs/lg/pulls/*) echo no; exit 1;; esac\n'
    const change = storage.transaction('drive-', async (tx) => {
      await drive(3)(tx)
      await remote.setHook('update', refuse)
      return { target: 'pullRequest', title: 'Drive' }
    })
    const error: any = await change.then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect(error).toMatchObject({ code: 'PULL_REQUEST_FAILED' })
    expect((await remote.branches())[error.details.branch]).toBe(error.details.commit)
    await remote.setHook('update', null)
    expect(await storage.resumePullRequest(error.details)).toMatchObject({ action: 'created', number: 1 })
    expect(await storage.resumePullRequest(error.details)).toMatchObject({ action: 'unchanged', number: 1 })
  })
})

describe('a transaction that leaves no trace', () => {
  const untouched = async (work: () => Promise<unknown>): Promise<unknown> => {
    const before = await fleet.remote.refs()
    const result = await work().catch((error: unknown) => error)
    expect(await fleet.remote.refs()).toEqual(before)
    return result
  }

  it('says unchanged when nothing changed, also when it was changed and changed back', async () => {
    const result = await untouched(() =>
      fleet.storage.transaction('drive-', async (tx) => {
        await drive(9)(tx)
        await drive(1.5)(tx)
        return { target: 'pullRequest', title: 'Drive' }
      }),
    )
    expect(result).toMatchObject({ outcome: 'unchanged' })
  })

  it('says aborted, with the reason', async () => {
    const result = await untouched(() =>
      fleet.storage.transaction('drive-', async (tx) => {
        await drive(9)(tx)
        return tx.abort('the car is in the garage')
      }),
    )
    expect(result).toEqual({ outcome: 'aborted', reason: 'the car is in the garage' })
  })

  it('throws on what the callback throws', async () => {
    const cause = new Error('flat tyre')
    const result = await untouched(() =>
      fleet.storage.transaction('drive-', async (tx) => {
        await drive(9)(tx)
        throw cause
      }),
    )
    expect(result).toBe(cause)
  })

  it.each([
    ['nothing', undefined],
    ['no title', { target: 'base' }],
    ['an empty title', { target: 'base', title: '  ' }],
    ['a title of two lines', { target: 'base', title: 'a\nb' }],
    ['a broken trailer', { target: 'base', title: 'a', trailers: { 'not a token': 'x' } }],
  ])('refuses %s as a decision', async (_, decision: any) => {
    const result = await untouched(() =>
      fleet.storage.transaction('drive-', async (tx) => {
        await drive(9)(tx)
        return decision
      }),
    )
    expect(result).toMatchObject({ code: 'INVALID_DECISION' })
  })

  it('refuses a second transaction inside the first', async () => {
    const result = await untouched(() =>
      fleet.storage.transaction('outer-', () =>
        fleet.storage
          .transaction('inner-', async () => ({ target: 'base', title: 'x' }))
          .then(() => {
            throw new Error('not reached')
          }),
      ),
    )
    expect(result).toMatchObject({ code: 'TRANSACTION_ACTIVE' })
  })

  it('refuses a use after the end', async () => {
    let kept: { get(key: ReturnType<typeof carKey>): Promise<unknown> } | undefined
    await untouched(() =>
      fleet.storage.transaction('drive-', async (tx) => {
        kept = tx
        return { target: 'base', title: 'Nothing' }
      }),
    )
    await expect(async () => kept?.get(carKey('foo'))).rejects.toMatchObject({ code: 'TRANSACTION_FINISHED' })
  })

  it('rejects with the reason of its signal', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const result = await untouched(() =>
      fleet.storage.transaction(
        'drive-',
        async (tx) => {
          controller.abort(reason)
          await drive(9)(tx)
          return { target: 'base', title: 'Drive' }
        },
        { signal: controller.signal },
      ),
    )
    expect(result).toBe(reason)
  })
})
