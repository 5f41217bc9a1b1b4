// @ts-check
// The workspace as the scripts see it: its folders, its packages, and its commands.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '..')

/**
 * @typedef {object} WorkspacePackage
 * @property {string} folder its folder's own name
 * @property {string} path relative to the workspace
 * @property {any} manifest
 */

/**
 * @param {'packages' | 'apps' | 'internal'} parent
 * @returns {WorkspacePackage[]} by name
 */
export function packagesIn(parent) {
  if (!existsSync(join(root, parent))) return []
  return readdirSync(join(root, parent))
    .filter((folder) => existsSync(join(root, parent, folder, 'package.json')))
    .toSorted()
    .map((folder) => ({
      folder,
      path: `${parent}/${folder}`,
      manifest: JSON.parse(readFileSync(join(root, parent, folder, 'package.json'), 'utf8')),
    }))
}

/** The packages that go to the registry. */
export const publishedPackages = () =>
  packagesIn('packages').filter(({ manifest }) => manifest.private !== true)

/**
 * The modules that a package exports, as its users name them.
 *
 * @param {any} manifest
 * @returns {string[]}
 */
export const entriesOf = (manifest) =>
  Object.keys(manifest.exports)
    .filter((path) => path !== './package.json')
    .map((path) => (path === '.' ? manifest.name : `${manifest.name}/${path.slice(2)}`))

/** What a command needs to find the workspace's own tools and to keep quiet about itself. */
export const environment = {
  ...process.env,
  PATH: [join(root, 'node_modules', '.bin'), process.env['PATH']].join(delimiter),
  TURBO_TELEMETRY_DISABLED: '1',
}

/**
 * Runs a command to its end with its output collected; one that cannot be run has failed.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<{ succeeded: boolean, output: string }>}
 */
export function run(command, args, { cwd = root, env = {} } = {}) {
  return new Promise((settle) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...environment, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text) => (output += text))
    child.stderr.setEncoding('utf8').on('data', (text) => (output += text))
    child.on('error', (error) => settle({ succeeded: false, output: `${output}${error.message}` }))
    child.on('close', (status) => settle({ succeeded: status === 0, output }))
  })
}

/**
 * Runs pnpm, also where only npm is installed.
 *
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 */
export function pnpm(args, options) {
  const installed = spawnSync('pnpm', ['--version'], {
    env: environment,
    encoding: 'utf8',
  }).stdout?.startsWith('12.')
  return installed ? run('pnpm', args, options) : run('npx', ['-y', 'pnpm@12', ...args], options)
}

/**
 * Packs published packages into a folder, as they would go to the registry.
 *
 * @param {string} destination
 * @param {readonly WorkspacePackage[]} [packages]
 * @returns {Promise<Map<string, string>>} tarballs by package name
 */
export async function packAll(destination, packages = publishedPackages()) {
  mkdirSync(destination, { recursive: true })
  const filters = packages.map(({ manifest }) => `--filter=${manifest.name}`)
  const { succeeded, output } = await pnpm(['-r', ...filters, 'pack', '--pack-destination', destination])
  if (!succeeded) throw new Error(`pnpm pack failed:\n${output}`)
  return new Map(
    packages.map(({ manifest: { name, version } }) => {
      const tarball = join(destination, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`)
      if (!existsSync(tarball)) throw new Error(`pnpm pack left no ${tarball}:\n${output}`)
      return [name, tarball]
    }),
  )
}
