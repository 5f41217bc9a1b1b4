import { describe, expect, it } from 'vitest'
import type { GitRepository } from '@lg/git'
import { createCars, createFolder, openCars } from './fixture.ts'

const main = 'refs/remotes/origin/main'
const mainOnly = [`+refs/heads/main:${main}`]

describe('a fetch of one branch', () => {
  it('tells what it changed, tags that come along included', async () => {
    const root = await createFolder()
    const cars = await createCars(root)
    const store = await openCars({ root })
    await store.fetch({ refspecs: mainOnly })
    const before = await store.resolve('main')
    const after = await cars.commit({ files: { 'cars/a.yaml': 'speed: 3\n' } })
    expect((await store.fetch({ refspecs: mainOnly })).changed).toEqual([{ ref: main, before, after }])
    const tagged = await cars.commit({ files: { 'cars/a.yaml': 'speed: 4\n' } })
    await cars.git(['tag', 'v1', 'main'])
    expect((await store.fetch({ refspecs: mainOnly })).changed).toEqual([
      { ref: main, before: after, after: tagged },
      { ref: 'refs/tags/v1', before: null, after: tagged },
    ])
    expect((await store.fetch({ refspecs: mainOnly })).changed).toEqual([])
  })

  it('is not told from what was known before a ref was set meanwhile', async () => {
    const root = await createFolder()
    const cars = await createCars(root)
    let other = ''
    let setting: Promise<void> | undefined
    const store: GitRepository = await openCars({
      root,
      options: {
        onStep(step) {
          if (step === 'fetch started' && setting === undefined && other !== '')
            setting = store.updateRef({ ref: 'refs/remotes/origin/other', target: other })
        },
      },
    })
    await store.fetch()
    const first = await store.resolve('main')
    await cars.commit({ files: { 'cars/a.yaml': 'speed: 3\n' } })
    other = first
    await store.fetch({ refspecs: mainOnly })
    await setting
    const second = await cars.commit({ branch: 'other', files: { x: '1' } })
    const refspecs = ['+refs/heads/other:refs/remotes/origin/other']
    expect((await store.fetch({ refspecs })).changed).toEqual([
      { ref: 'refs/remotes/origin/other', before: first, after: second },
    ])
  })
})
