// @ts-check
// Compiles nodegit, once for each version of it and each ABI of Node, into a folder outside the checkout:
// `pnpm nodegit:build`. Takes some minutes. With `--if-possible` it says why it cannot, and that is no failure; with
// `--where` it only prints the folder.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
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

function build() {
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
  // Compiled here, where the package would otherwise take a binary from a place of its own.
  const env = { ...process.env, BUILD_ONLY: '1', JOBS: process.env['JOBS'] ?? 'max' }
  const npm = (/** @type {readonly string[]} */ ...args) =>
    spawnSync('nice', ['-n', '19', 'npm', ...args, '--loglevel=error'], {
      cwd: making,
      env,
      encoding: 'utf8',
    })
  const installed = npm('install', '--ignore-scripts', '--no-audit', '--no-fund')
  const { status, stdout, stderr } = installed.status === 0 ? npm('rebuild', 'nodegit') : installed
  const built = join(making, 'node_modules/nodegit/build/Release/nodegit.node')
  if (status !== 0 || !existsSync(built)) {
    rmSync(making, { recursive: true, force: true })
    return `npm could not install nodegit:\n${`${stdout}${stderr}`.trim().split('\n').slice(-20).join('\n')}`
  }
  // What only the compiler needed: two thirds of it all.
  for (const name of ['build/Release/obj.target', 'build/Release/.deps', 'vendor', 'src', 'include'])
    rmSync(join(making, 'node_modules/nodegit', name), { recursive: true, force: true })
  rmSync(folder, { recursive: true, force: true })
  renameSync(making, folder)
  return undefined
}

if (process.argv.includes('--where')) console.log(nodegitFolder())
else {
  const problem = existsSync(nodegitFolder()) ? undefined : build()
  console.log(problem ?? `nodegit is in ${nodegitFolder()}`)
  if (problem !== undefined && !process.argv.includes('--if-possible')) process.exitCode = 1
}
