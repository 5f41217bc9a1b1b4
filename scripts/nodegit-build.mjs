// @ts-check
// Compiles nodegit, once for each version of it and each ABI of Node, into a folder outside the checkout:
// `pnpm nodegit:build`. Takes some minutes, and gives up after 40. With `--where` it only prints the folder.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { root } from './workspace.mjs'

/** Where the compiled nodegit is, or would be. */
function nodegitFolder() {
  return join(buildFolder(), 'node_modules', 'nodegit')
}

function buildFolder() {
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache')
  return join(cache, 'lg', `nodegit-${version()}-node${process.versions.modules}-${process.arch}`)
}

/** The one that the package names as its peer. */
function version() {
  const manifest = readFileSync(join(root, 'packages/git-nodegit/package.json'), 'utf8')
  return /** @type {string} */ (JSON.parse(manifest).peerDependencies.nodegit)
}

/** What is needed, by the name of a program or of a pkg-config module. */
function missing() {
  const programs = ['make', 'g++', 'python3', 'pkg-config'].filter((name) => !runs(name, ['--version']))
  if (programs.length > 0) return programs
  return ['openssl', 'krb5-gssapi'].filter((name) => !runs('pkg-config', ['--exists', name]))
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 */
function runs(command, args) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}

const limit = 40 * 60_000

async function build() {
  const folder = buildFolder()
  const lacking = missing()
  if (lacking.length > 0) {
    const way = 'On Debian: apt-get install build-essential python3 pkg-config libssl-dev libkrb5-dev'
    return `nodegit cannot be compiled without ${lacking.join(', ')}. ${way}`
  }
  // Under another name until it is whole, so that a build that was cut short is none.
  const making = `${folder}.making-${process.pid}`
  mkdirSync(making, { recursive: true })
  const manifest = { private: true, dependencies: { nodegit: version() }, allowScripts: { nodegit: true } }
  writeFileSync(join(making, 'package.json'), JSON.stringify(manifest))
  const deadline = Date.now() + limit
  const installed = await npm(making, deadline, 'install', '--ignore-scripts', '--no-audit', '--no-fund')
  const problem = installed ?? (await npm(making, deadline, 'rebuild', 'nodegit'))
  if (problem !== undefined || !existsSync(join(making, 'node_modules/nodegit/build/Release/nodegit.node'))) {
    rmSync(making, { recursive: true, force: true })
    return `nodegit could not be compiled: ${problem ?? 'npm made no nodegit.node'}`
  }
  // What only the compiler needed: two thirds of it all.
  for (const name of ['build/Release/obj.target', 'build/Release/.deps', 'vendor', 'src', 'include'])
    rmSync(join(making, 'node_modules/nodegit', name), { recursive: true, force: true })
  rmSync(folder, { recursive: true, force: true })
  renameSync(making, folder)
  return undefined
}

/**
 * Runs npm in the background of everything else, and ends it with all that it started when the time is over.
 *
 * @param {string} cwd
 * @param {number} deadline
 * @param {readonly string[]} args
 * @returns {Promise<string | undefined>} what went wrong
 */
function npm(cwd, deadline, ...args) {
  // Compiled here, where the package would otherwise take a binary from a place of its own; with the headers that came
  // with Node, where they did.
  const prefix = dirname(dirname(process.execPath))
  const headers = existsSync(join(prefix, 'include/node/node.h')) ? { npm_config_nodedir: prefix } : {}
  const env = { ...headers, ...process.env, BUILD_ONLY: '1', JOBS: process.env['JOBS'] ?? 'max' }
  const child = spawn('nice', ['-n', '19', 'npm', ...args, '--loglevel=error'], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let output = ''
  let isLate = false
  const keep = (/** @type {Buffer} */ chunk) => (output = (output + chunk).slice(-100_000))
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const end = () => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL')
  const timer = setTimeout(
    () => {
      isLate = true
      end()
    },
    Math.max(0, deadline - Date.now()),
  )
  const interrupt = (/** @type {NodeJS.Signals} */ signal) => {
    end()
    process.exit(signal === 'SIGINT' ? 130 : 143)
  }
  const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])
  for (const signal of signals) process.on(signal, interrupt)
  return new Promise((resolve) => {
    const done = (/** @type {string | undefined} */ problem) => {
      clearTimeout(timer)
      for (const signal of signals) process.off(signal, interrupt)
      resolve(problem)
    }
    child.on('error', (error) => done(error.message))
    child.on('close', (status) => {
      if (isLate) done(`it took more than ${limit / 60_000} minutes`)
      else if (status === 0) done(undefined)
      else done(`npm ${args[0]} failed\n${output.trim().split('\n').slice(-20).join('\n')}`)
    })
  })
}

if (process.argv.includes('--where')) console.log(nodegitFolder())
else {
  const problem = existsSync(nodegitFolder()) ? undefined : await build()
  console.log(problem ?? `nodegit is in ${nodegitFolder()}`)
  if (problem !== undefined) process.exitCode = 1
}
