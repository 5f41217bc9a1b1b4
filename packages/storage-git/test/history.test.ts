import { createGitCli } from '@lg/git-cli'
import { createHttpsCredentials, parseRepositoryReference } from '@lg/git'
import { createScheme } from '@lg/runtime'
import { createRecognizer } from '@lg/serializer'
import { createPathRules } from '@lg/storage-raw'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { documentHistory } from '../src/document-history.ts'
import type { HistoryEntry } from '../src/index.ts'
import { carKey, carKind, carText, createFleet, type Car, type Fleet } from './fleet.ts'

let fleet: Fleet
const pair = `${carText('left')}---\n${carText('right')}`
beforeEach(async () => {
  fleet = await createFleet({ 'cars/foo.yaml': carText('foo'), 'cars/pair.yaml': pair })
})
afterEach(() => fleet.close())

const commit = async (files: Record<string, string | null>, name = 'Bob'): Promise<string> => {
  const author = { name, email: `${name.toLowerCase()}@example.org` }
  const oid = await fleet.remote.commit({ files, message: `By ${name}`, author })
  await fleet.directory.pull()
  return oid
}
const history = async (name: string): Promise<HistoryEntry[]> => {
  const entries: HistoryEntry[] = []
  for await (const entry of fleet.storage.history(carKey(name))) entries.push(entry)
  return entries
}
const brief = ({ type, author }: HistoryEntry): string => `${type} by ${author.name}`

describe('history', () => {
  it('tells who changed an object, newest first, with both states and the fields', async () => {
    const oid = await commit({ 'cars/foo.yaml': carText('foo', 'Volvo') }, 'Bob')
    await commit({ 'cars/pair.yaml': `${pair}# The end.\n` }, 'Eve')
    await commit({ 'cars/foo.yaml': carText('foo', 'Volvo').replace('# its brand', '# nice') }, 'Ann')
    const entries = await history('foo')
    expect(entries.map(brief)).toEqual(['textChanged by Ann', 'modified by Bob', 'added by Test Developer'])
    expect(entries[1]).toMatchObject({
      commit: oid,
      message: 'By Bob\n',
      before: { object: { spec: { brand: 'SAAB' } } },
      after: { object: { spec: { brand: 'Volvo' } }, text: carText('foo', 'Volvo') },
      fields: [{ path: ['spec', 'brand'], before: 'SAAB', after: 'Volvo' }],
    })
  })

  it('looks at the document alone, not at its neighbours in the file', async () => {
    await commit({ 'cars/pair.yaml': `${carText('left', 'Volvo')}---\n${carText('right')}` })
    expect((await history('left')).map(({ type }) => type)).toEqual(['modified', 'added'])
    expect((await history('right')).map(({ type }) => type)).toEqual(['added'])
  })

  it('follows an object from file to file', async () => {
    await commit({ 'cars/pair.yaml': carText('right'), 'garage/left.yaml': carText('left') }, 'Bob')
    await commit({ 'garage/left.yaml': carText('left', 'Volvo') }, 'Ann')
    const entries = await history('left')
    expect(entries.map(brief)).toEqual(['modified by Ann', 'textChanged by Bob', 'added by Test Developer'])
    expect(entries[1]).toMatchObject({
      before: { location: { path: 'cars/pair.yaml' } },
      after: { location: { path: 'garage/left.yaml' } },
    })
  })

  it('finds who deleted an object, and its lives before', async () => {
    await commit({ 'cars/foo.yaml': null }, 'Bob')
    await commit({ 'cars/foo.yaml': carText('foo') }, 'Ann')
    await commit({ 'cars/foo.yaml': null }, 'Eve')
    await commit({ 'notes.txt': 'x\n' })
    expect((await history('foo')).map(brief)).toEqual([
      'deleted by Eve',
      'added by Ann',
      'deleted by Bob',
      'added by Test Developer',
    ])
    expect(await history('never')).toEqual([])
  })

  it('names the author of a merged change, not who merged it', async () => {
    const author = { name: 'Bob', email: 'bob@example.org' }
    await fleet.remote.commit({ branch: 'dev', files: { 'cars/foo.yaml': carText('foo', 'Volvo') }, author })
    await commit({ 'cars/pair.yaml': carText('right') }, 'Eve')
    const tree = (await fleet.remote.git(['merge-tree', '--write-tree', 'main', 'dev'])).trim()
    const who = ['-c', 'user.name=Merger', '-c', 'user.email=m@example.org']
    const merge = await fleet.remote.git([
      ...who,
      ...['commit-tree', tree, '-p', 'main', '-p', 'dev', '-m', 'Merge dev'],
    ])
    await fleet.remote.git(['update-ref', 'refs/heads/main', merge.trim()])
    await fleet.directory.pull()
    expect((await history('foo')).map(brief)).toEqual(['modified by Bob', 'added by Test Developer'])
  })

  it('gives a state that does not decode as text alone', async () => {
    await commit({ 'cars/foo.yaml': carText('foo').replace('SAAB', '7') })
    const [entry] = await history('foo')
    expect(entry).toMatchObject({ type: 'modified', after: { text: expect.stringContaining('brand: 7') } })
    expect(entry?.after?.object).toBeUndefined()
  })

  it('says where a shallow clone ends', async () => {
    await commit({ 'cars/foo.yaml': carText('foo', 'Volvo') })
    await commit({ 'cars/foo.yaml': carText('foo', 'Lancia') })
    const shallow = await createGitCli().open({
      dir: `${fleet.remote.dir}-shallow`,
      remote: parseRepositoryReference(fleet.server.url('cars.git')),
      credentials: createHttpsCredentials({ username: 'bot', password: 't0ken' }),
    })
    try {
      await shallow.fetch({ refspecs: ['+refs/heads/main:refs/remotes/origin/main'], depth: 2 })
      const scheme = createScheme()
      scheme.register(carKind)
      const recognize = createRecognizer({ scheme })
      const tools = { repository: shallow, recognize, rules: createPathRules() }
      const place = { from: await shallow.resolve('main'), path: 'cars/foo.yaml' }
      const changes = documentHistory(tools, carKey('foo'), place)
      expect((await changes.next()).value).toMatchObject({ after: { location: { path: 'cars/foo.yaml' } } })
      await expect(changes.next()).rejects.toMatchObject({ code: 'HISTORY_INCOMPLETE' })
    } finally {
      await shallow.close()
    }
  })
})

describe('blame', () => {
  it('tells for each field who gave it its value', async () => {
    await commit({ 'cars/foo.yaml': carText('foo', 'Volvo') }, 'Bob')
    await commit({ 'cars/foo.yaml': carText('foo', 'Volvo').replace('1.5', '2') }, 'Ann')
    const blamed = await fleet.storage.blame(carKey('foo'))
    expect(Object.fromEntries(blamed.map(({ path, author }) => [path.join('.'), author.name]))).toEqual({
      apiVersion: 'Test Developer',
      kind: 'Test Developer',
      'metadata.name': 'Test Developer',
      'spec.brand': 'Bob',
      'status.speed': 'Ann',
      'status.distance': 'Test Developer',
    })
    expect(await fleet.storage.blame(carKey('foo'), ['status', 'distance'])).toMatchObject([
      { value: 12176941420362965433n },
    ])
  })

  it('counts a value that was changed and changed back as new', async () => {
    await commit({ 'cars/foo.yaml': carText('foo', 'Volvo') }, 'Bob')
    await commit({ 'cars/foo.yaml': carText('foo', 'SAAB') }, 'Ann')
    expect(await fleet.storage.blame(carKey('foo'), ['spec'])).toMatchObject([{ author: { name: 'Ann' } }])
  })

  it('is NOT_FOUND for an object or a field that is not there', async () => {
    await expect(fleet.storage.blame(carKey('none'))).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(fleet.storage.blame(carKey('foo'), ['spec', 'none'])).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })
})

describe('revert', () => {
  const text = (path: string) => fleet.remote.readFile('main', path)

  it('takes back what a commit did, comments included, and leaves what came later', async () => {
    const oid = await commit({ 'cars/foo.yaml': null, 'cars/pair.yaml': pair.replace('SAAB', 'Volvo') })
    await commit({ 'cars/pair.yaml': pair.replace('SAAB', 'Volvo').replace('1.5', '9') })
    const outcome = await fleet.storage.revert({ commit: oid })
    expect(outcome).toMatchObject({ outcome: 'committed', branch: 'main' })
    expect(await text('cars/foo.yaml')).toBe(carText('foo'))
    expect(await text('cars/pair.yaml')).toBe(pair.replace('1.5', '9'))
    expect((await fleet.remote.log('main'))[0]?.message).toMatch(`Revert ${oid.slice(0, 12)}`)
  })

  it('takes back the last change of an object, and of that the one before', async () => {
    await commit({ 'cars/foo.yaml': carText('foo', 'Volvo') })
    await commit({ 'notes.txt': 'x\n' })
    await fleet.storage.revert({ key: carKey('foo') })
    expect(await text('cars/foo.yaml')).toBe(carText('foo'))
    await fleet.storage.revert({ key: carKey('foo') })
    expect(await text('cars/foo.yaml')).toBe(carText('foo', 'Volvo'))
  })

  it('brings back a deleted object', async () => {
    await commit({ 'cars/foo.yaml': null })
    await fleet.storage.revert({ key: carKey('foo') })
    expect(await text('cars/foo.yaml')).toBe(carText('foo'))
  })

  it('takes back one field, and nothing else', async () => {
    await commit({ 'cars/foo.yaml': carText('foo', 'Volvo') })
    await commit({ 'cars/foo.yaml': carText('foo', 'Volvo').replace('1.5', '9') })
    await fleet.storage.revert({ key: carKey('foo'), path: ['spec', 'brand'] })
    expect(await text('cars/foo.yaml')).toBe(carText('foo').replace('1.5', '9'))
  })

  it('goes back to a revision, for an object or one field of it', async () => {
    const first = fleet.storage.commit
    await commit({ 'cars/foo.yaml': carText('foo', 'A') })
    await commit({ 'cars/foo.yaml': carText('foo', 'B').replace('1.5', '9') })
    await fleet.storage.revert({ key: carKey('foo'), path: ['status', 'speed'], to: first })
    expect(await fleet.storage.get<Car>(carKey('foo'))).toMatchObject({
      spec: { brand: 'B' },
      status: { speed: 1.5 },
    })
    await fleet.storage.revert({ key: carKey('foo'), to: first })
    expect(await text('cars/foo.yaml')).toBe(carText('foo'))
  })

  it('is a conflict where the same field was changed since', async () => {
    const oid = await commit({ 'cars/foo.yaml': carText('foo', 'A') })
    const later = await commit({ 'cars/foo.yaml': carText('foo', 'B') })
    await expect(fleet.storage.revert({ commit: oid })).rejects.toMatchObject({
      code: 'CONFLICT',
      details: { commit: later, fields: [{ path: ['spec', 'brand'], base: 'A', ours: 'SAAB', theirs: 'B' }] },
    })
  })

  it('goes where it is told, as a plan too', async () => {
    const oid = await commit({ 'cars/foo.yaml': carText('foo', 'A') })
    expect(await fleet.storage.revert({ commit: oid }, { dryRun: true })).toMatchObject({
      outcome: 'planned',
      plan: { objects: [{ operation: 'update' }] },
    })
    const decision = { target: 'pullRequest', title: 'Back' } as const
    expect(await fleet.storage.revert({ commit: oid }, { decision })).toMatchObject({
      pullRequest: { number: 1 },
    })
  })

  it('is NOTHING_TO_REVERT where nothing is known', async () => {
    const oid = await commit({ 'notes.txt': 'x\n' })
    for (const what of [
      { commit: oid },
      { key: carKey('never') },
      { key: carKey('foo'), path: ['spec', 'brand'] },
    ]) {
      await expect(fleet.storage.revert(what)).rejects.toMatchObject({ code: 'NOTHING_TO_REVERT' })
    }
    await expect(fleet.storage.revert({ commit: 'nope' })).rejects.toMatchObject({ code: 'REF_NOT_FOUND' })
  })
})
