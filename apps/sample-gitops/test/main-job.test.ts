import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AppProcess } from '@lg/app-tests'
import { startApp } from './app.ts'
import { createGarage, type Garage } from './garage.ts'

describe('the main job, over HTTP with a token', () => {
  let garage: Garage
  let app: AppProcess
  let branch = ''

  beforeAll(async () => {
    garage = await createGarage()
    app = await startApp(
      [
        ...garage.args,
        '--author-name',
        'Ann',
        '--author-email',
        'ann@example.org',
        '--pr-assignees',
        'ann,bob',
      ],
      garage.env,
    )
  })
  afterAll(async () => {
    await app?.stop()
    await garage?.close()
  })

  it('welcomes', async () => {
    expect((await app.get('/')).text).toBe('Welcome!')
  })

  it('lists the cars of every folder and of files with several documents, digit for digit', async () => {
    const { status, text, json } = await app.get('/git/')
    expect(status).toBe(200)
    expect(json.map((car: any) => car.metadata.name)).toEqual(['foo', 'bolt', 'comet'])
    expect(text).toContain('"distance": 12176941420362965433')
    expect(text).toContain('"distance": 9007199254740993')
  })

  it('names the broken file with its line in the log, and serves all others', async () => {
    expect(await app.line(/garage\/unfinished\.yaml:\d+/)).toBeTruthy()
  })

  it('changes a car: one branch, one commit, one file, two lines', async () => {
    const { status, json } = await app.send('PUT', '/git/foo')
    expect(status).toBe(200)
    branch = json.branch
    expect(branch).toMatch(/^foo-update-[0-9a-f]{8}$/)
    expect((await garage.remote.branches())[branch]).toBe(json.commit)
    const { text, files } = await garage.remote.diff('main', branch)
    expect(files.map(({ path }) => path)).toEqual(['cars/foo.yaml'])
    const lines = text.split('\n').filter((line) => /^[-+](?![-+])/.test(line))
    expect(lines.map((line) => line.replace(/: [-+.e\d]+/, ': N'))).toEqual([
      '-  distance: N',
      '+  distance: N',
      '-  speed: N  # km/h',
      '+  speed: N  # km/h',
    ])
  })

  it('writes author, title, blank line and description into the commit', async () => {
    const commit = await garage.remote.git(['cat-file', 'commit', branch])
    expect(commit).toMatch(/^author Ann <ann@example\.org> \d+ \+0000$/m)
    expect(commit.split('\n\n').slice(1).join('\n\n')).toBe(
      'Update Car speed\n\nSets status.distance and status.speed of default/foo.\n',
    )
  })

  it('opens a pull request with labels and assignees, and shows its diff', async () => {
    const { json } = await app.get('/pulls')
    expect(json.pullRequests).toMatchObject([
      {
        number: 1,
        url: `${app.url}/pulls/1`,
        state: 'open',
        title: 'Update Car speed',
        head: branch,
        base: 'main',
        labels: ['user/bot', 'actuator/libgitops', 'kind/status-update'],
        assignees: ['ann', 'bob'],
      },
    ])
    expect((await app.get('/pulls/1')).text).toContain('+  speed: ')
  })

  it('merges it, and the next sync logs the change once', async () => {
    const merged = await app.send('POST', '/pulls/1/merge')
    expect(merged.status).toBe(200)
    await app.line(/Car\.sample-app\.weave\.works default\/foo modified/)
    expect((await app.get('/pulls/1')).json.state).toBe('merged')
    // A later change of somebody else arrives after every event of the merge.
    await garage.remote.commit({ files: { 'cars/new.yaml': newCar('later') }, message: 'Add a car' })
    await app.line(/default\/later added/)
    expect(app.output().match(/default\/foo modified/g)).toHaveLength(1)
  })

  it('keeps every digit and comment through an unrelated change', async () => {
    const before = await garage.remote.readFile('main', 'cars/racing.yaml')
    const { json } = await app.send('PUT', '/git/bolt')
    const after = await garage.remote.readFile(json.branch, 'cars/racing.yaml')
    expect(after.startsWith(before.slice(0, before.indexOf('kind: Car\nmetadata:\n  name: bolt')))).toBe(true)
    expect(after).toContain('name: bolt      # not the runner')
    expect(after).toContain('distance: 9007199254740993\n')
  })

  it('says which cars share a name', async () => {
    await garage.remote.commit({
      files: { 'cars/twin.yaml': newCar('foo', 'racing') },
      message: 'Add a twin',
    })
    await app.line(/racing\/foo added/)
    const { status, json } = await app.send('PUT', '/git/foo')
    expect(status).toBe(409)
    expect(json.error.message).toContain('default/foo, racing/foo')
    expect((await app.send('PUT', '/git/foo?namespace=racing')).json).toMatchObject({ namespace: 'racing' })
  })

  it('names the broken file once, however often the branch moved since', () => {
    expect(app.output().match(/unfinished\.yaml/g)).toHaveLength(1)
  })

  it('leaves a repository that Git finds nothing wrong with, and stops cleanly', async () => {
    expect(await app.stop()).toBe(0)
    expect(await garage.remote.fsck()).toEqual([])
  })
})

function newCar(name: string, namespace = 'default'): string {
  return `apiVersion: sample-app.weave.works/v1alpha1
kind: Car
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  brand: Volvo
`
}
