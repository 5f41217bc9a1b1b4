import { execFile, execFileSync } from 'node:child_process'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { createHttpsCredentials } from '@lg/git'
import { createGitHttpServer, createGitSpy, createRecordingLogger, watchProcesses } from '@lg/test-kit'
import type { GitHttpServer } from '@lg/test-kit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { commit, createCars, createFolder, failure, openCars, write } from './fixture.ts'

const token = 'glpat-s3cret/with+signs=%41 "q"'
/** Each way in which it could show. */
const forms = [token, encodeURIComponent(token), Buffer.from(`bot:${token}`).toString('base64'), 's3cret']

async function serve(root: string, user = 'bot'): Promise<GitHttpServer> {
  const server = await createGitHttpServer({ root, accounts: [{ user, token }] })
  onTestFinished(() => server.close())
  return server
}

describe('a token', () => {
  it('is not handed out where sockets cannot be: a coded error', async () => {
    const root = await createFolder()
    await createCars(root)
    const server = await serve(root)
    const tempDir = join(root, 'x'.repeat(100))
    await mkdir(tempDir)
    const credentials = createHttpsCredentials({ username: 'bot', password: token })
    const store = await openCars({ root, url: server.url('cars.git'), credentials, options: { tempDir } })
    expect((await failure(store.fetch())).code).toBe('ENGINE_UNAVAILABLE')
  })

  it('is in no argument, environment, file, log or error', async () => {
    const root = await createFolder()
    const cars = await createCars(root)
    const server = await serve(root)
    const spy = await createGitSpy()
    onTestFinished(() => spy.close())
    const logger = createRecordingLogger()
    const options = { git: spy.binary, tempDir: root, logger }
    const credentials = createHttpsCredentials({ username: 'bot', password: token })

    const { processes, text, result } = await watchProcesses(async () => {
      const store = await openCars({ root, url: server.url('cars.git'), credentials, options })
      await store.fetch()
      const target = await commit(store, [await store.resolve('main')], write('cars/a.yaml', 'speed: 3\n'))
      await store.push([{ ref: 'refs/heads/main', target }])
      await cars.setHook('pre-receive', '#!/bin/sh\nexit 1\n')
      const error = await failure(store.push([{ ref: 'refs/heads/two', target }]))
      return { files: grep(root), error: inspect(error, { depth: 9 }), store }
    })

    expect(processes.some(({ args }) => args.includes('credential-cache'))).toBe(true)
    for (const form of forms) {
      expect(text).not.toContain(form)
      expect(await spy.text()).not.toContain(form)
      expect(result.error).not.toContain(form)
      expect(inspect(logger, { depth: 9 })).not.toContain(form)
    }
    expect(result.files).toBe('')
    await result.store.close()
    expect(grep(root)).toBe('')
    expect((await readdir(root)).filter((name) => name.startsWith('lg-'))).toEqual([])
  })

  it('is not sent along when the remote redirects to another place', async () => {
    const root = await createFolder()
    await createCars(root)
    const server = await serve(root)
    const elsewhere = await serve(root)
    await server.setFault({ type: 'redirect', to: elsewhere.origin })
    const credentials = createHttpsCredentials({ username: 'bot', password: token })
    const store = await openCars({ root, url: server.url('cars.git'), credentials })
    expect((await failure(store.fetch())).code).toBe('REDIRECTED')
    expect((await failure(store.remoteRefs())).code).toBe('REDIRECTED')
    expect(elsewhere.requests.entries).toEqual([])
  })

  it('is asked for by our own program where git cannot', async () => {
    const root = await createFolder()
    await createCars(root)
    const server = await serve(root)
    const git = join(root, 'git-without-cache')
    await writeFile(git, '#!/bin/sh\ntest "$1" = credential-cache && exit 1\nexec git "$@"\n', {
      mode: 0o755,
    })
    const credentials = createHttpsCredentials({ username: 'bot', password: token })
    const { processes } = await watchProcesses(async () => {
      const store = await openCars({ root, url: server.url('cars.git'), credentials, options: { git } })
      expect((await store.fetch()).changed).toHaveLength(1)
    })
    expect(processes.some(({ args }) => args.some((arg) => arg.endsWith('ask.mjs')))).toBe(true)
  })

  it('is handed out for the configured repository only', async () => {
    const root = await createFolder()
    await createCars(root)
    const server = await serve(root)
    const asked: string[] = []
    const questions: Readonly<Record<string, string>> = {
      own: `protocol=http\nhost=127.0.0.1:${server.port}\npath=cars.git\n\n`,
      otherHost: 'protocol=http\nhost=evil.example\npath=cars.git\n\n',
      otherPort: 'protocol=http\nhost=127.0.0.1:1\npath=cars.git\n\n',
      otherProtocol: `protocol=https\nhost=127.0.0.1:${server.port}\npath=cars.git\n\n`,
      otherPath: `protocol=http\nhost=127.0.0.1:${server.port}\npath=others.git\n\n`,
      noPath: `protocol=http\nhost=127.0.0.1:${server.port}\n\n`,
      nonsense: 'x',
    }
    const answers: Record<string, string> = {}
    const password = async (): Promise<string> => {
      // While git waits for its answer, the socket is there to be asked other things.
      if (asked.push('') === 1) {
        const folder = (await readdir(root)).find((name) => name.startsWith('lg-')) ?? ''
        for (const [name, question] of Object.entries(questions)) {
          answers[name] = await ask(join(root, folder, 'ask0'), 'get', '', question)
        }
        answers['store'] = await ask(join(root, folder, 'ask0'), 'store', '', questions['own'] ?? '')
        answers['passphrase'] = await ask(
          join(root, folder, 'ask0'),
          'passphrase',
          "Enter passphrase for key 'x':",
          '',
        )
      }
      return token
    }
    const credentials = createHttpsCredentials({ username: 'bot', password })
    const store = await openCars({
      root,
      url: server.url('cars.git'),
      credentials,
      options: { tempDir: root },
    })
    await store.fetch()
    const { own, ...others } = answers
    expect(own).toBe(`username=bot\npassword=${token}\n\n`)
    expect(new Set(Object.values(others))).toEqual(new Set(['']))
  })
})

describe('a token from a function', () => {
  it('is asked for by each operation, with what it is for', async () => {
    const root = await createFolder()
    await createCars(root)
    const server = await serve(root)
    const requests: object[] = []
    const password = ({ origin, path }: { readonly origin: string; readonly path: string }): string => {
      requests.push({ origin, path })
      return token
    }
    const credentials = createHttpsCredentials({ username: 'bot', password })
    const store = await openCars({ root, url: server.url('cars.git'), credentials })
    await store.fetch()
    await store.remoteRefs()
    const request = { origin: server.origin, path: 'cars.git' }
    expect(requests).toEqual([request, request])
  })

  it('is asked for once more when it is refused', async () => {
    const root = await createFolder()
    await createCars(root)
    const server = await serve(root)
    const tokens = ['expired-token', token, 'never-asked']
    const credentials = createHttpsCredentials({ username: 'bot', password: () => tokens.shift() ?? '' })
    const store = await openCars({ root, url: server.url('cars.git'), credentials })
    await store.fetch()
    expect(tokens).toEqual(['never-asked'])
    server.setAccounts([])
    const always = createHttpsCredentials({ username: 'bot', password: () => `wrong-${tokens.push('x')}` })
    const other = await openCars({
      root,
      dir: join(root, 'two'),
      url: server.url('cars.git'),
      credentials: always,
    })
    expect((await failure(other.fetch())).code).toBe('AUTHENTICATION_FAILED')
    expect(tokens).toEqual(['never-asked', 'x', 'x'])
  })

  it('passes on why it could not be had', async () => {
    const root = await createFolder()
    await createCars(root)
    const server = await serve(root)
    const sealed = new Error('vault sealed')
    const credentials = createHttpsCredentials({ password: () => Promise.reject(sealed) })
    const store = await openCars({ root, url: server.url('cars.git'), credentials })
    expect(await failure(store.fetch())).toBe(sealed)
  })
})

describe('a password', () => {
  it('is not sent over plain http to another machine, unless asked to', async () => {
    const root = await createFolder()
    const url = 'http://git.example.org/cars.git'
    const refused = await failure(
      openCars({ root, url, credentials: createHttpsCredentials({ password: token }) }),
    )
    expect(refused.code).toBe('INVALID_CREDENTIALS')
    expect(refused.message).toContain('insecureHttp')
    await openCars({
      root,
      url,
      credentials: createHttpsCredentials({ password: token, insecureHttp: true }),
    })
  })

  it('is refused for a transport that has no use for it', async () => {
    const root = await createFolder()
    const credentials = createHttpsCredentials({ password: token })
    for (const url of ['git@git.example.org:cars.git', join(root, 'cars.git')]) {
      expect((await failure(openCars({ root, url, credentials }))).code).toBe('INVALID_CREDENTIALS')
    }
  })
})

/** Files below a folder that hold the secret; the server's own account is in memory only. */
function grep(root: string): string {
  try {
    return execFileSync('grep', ['-rlF', '--devices=skip', ...forms.flatMap((form) => ['-e', form]), root], {
      encoding: 'utf8',
    })
  } catch (error) {
    if ((error as { status: number }).status === 1) return ''
    throw error
  }
}

function ask(socket: string, action: string, prompt: string, input: string): Promise<string> {
  const program = new URL('../programs/ask.mjs', import.meta.url).pathname
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [program, action, prompt],
      { env: { LG_ASK_SOCKET: socket } },
      (_, stdout) => resolve(stdout),
    )
    child.stdin?.end(input)
  })
}
