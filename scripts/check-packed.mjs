// @ts-check
// Judges packages as they would be published: publint reads the manifest, attw resolves every entry as users' tools do.
// Arguments: package folders; none means all.
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { packAll, publishedPackages } from './workspace.mjs'

const wanted = process.argv.slice(2)
const packages = publishedPackages().filter(({ folder }) => wanted.length === 0 || wanted.includes(folder))
// The packages are ESM for Node 20.19 and later, where `require` of ESM works; older resolution is not promised.
const outOfScope = new Set(['CJSResolvesToESM'])
const oldResolution = new Set(['node10'])

const folder = mkdtempSync(join(tmpdir(), 'lg-packed-'))
try {
  const tarballs = await packAll(folder, packages)
  let problems = 0
  for (const { manifest } of packages) {
    const found = await problemsOf(readFileSync(/** @type {string} */ (tarballs.get(manifest.name))))
    problems += found.length
    for (const problem of found) console.error(`${manifest.name}: ${problem}`)
  }
  console.log(`${packages.length} packages packed, ${problems} problems`)
  if (problems > 0) process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/**
 * @param {Buffer} tarball
 * @returns {Promise<string[]>}
 */
async function problemsOf(tarball) {
  const bytes = new Uint8Array(tarball)
  const linted = await publint({ pack: { tarball: bytes.buffer }, strict: true })
  const manifest = linted.pkg ?? {}
  const analysis = await checkPackage(createPackageFromTarballData(bytes))
  return [
    ...linted.messages.map((message) => `publint: ${formatMessage(message, manifest, { color: false })}`),
    ...(analysis.types === false ?
      ['attw: no types']
    : analysis.problems
        .filter(
          (problem) =>
            !outOfScope.has(problem.kind) &&
            !('resolutionKind' in problem && oldResolution.has(problem.resolutionKind)),
        )
        .map((problem) => `attw: ${JSON.stringify(problem)}`)),
  ]
}
