import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { packagesIn, publishedPackages, root, run } from '../workspace.mjs'

const workspaceFiles = ['package.json', 'pnpm-workspace.yaml', '.changeset/config.json']

/** A copy of the workspace that holds what versions are made of, with every published package at 1.2.0. */
class Copy {
  readonly dir: string = mkdtempSync(join(tmpdir(), 'lg-releases-'))

  constructor() {
    const packages = [...packagesIn('packages'), ...packagesIn('apps'), ...packagesIn('internal')]
    mkdirSync(join(this.dir, '.changeset'))
    for (const file of workspaceFiles) cpSync(join(root, file), join(this.dir, file))
    for (const { path, manifest } of packages) {
      mkdirSync(join(this.dir, path), { recursive: true })
      const version = manifest.private === true ? manifest.version : '1.2.0'
      writeFileSync(join(this.dir, path, 'package.json'), JSON.stringify({ ...manifest, version }))
    }
  }

  /** Notes the change and turns it into versions: what has another version then. */
  async release(packageName: string, bump: string): Promise<Record<string, string>> {
    writeFileSync(
      join(this.dir, '.changeset/a-change.md'),
      `---\n'${packageName}': ${bump}\n---\n\nA change.\n`,
    )
    for (const args of [
      ['init', '-q'],
      ['add', '.'],
      ['-c', 'user.name=lg', '-c', 'user.email=lg@localhost', 'commit', '-qm', 'All'],
    ]) {
      expect(await run('git', args, { cwd: this.dir })).toMatchObject({ succeeded: true })
    }
    const { succeeded, output } = await run('changeset', ['version'], { cwd: this.dir })
    expect(succeeded, output).toBe(true)
    const versions = publishedPackages().map(({ path, manifest }) => {
      const { version } = JSON.parse(readFileSync(join(this.dir, path, 'package.json'), 'utf8')) as {
        version: string
      }
      return [manifest.name, version]
    })
    return Object.fromEntries(versions.filter(([, version]) => version !== '1.2.0'))
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true })
  }
}

describe('a release', () => {
  let copy: Copy
  beforeEach(() => {
    copy = new Copy()
  })
  afterEach(() => copy.remove())

  it('gives a package a version of its own, and leaves its dependents alone while their ranges hold', async () => {
    expect(await copy.release('@lg/filter', 'minor')).toEqual({ '@lg/filter': '1.3.0' })
  })

  it('takes along only the dependents whose ranges a breaking change leaves', async () => {
    const released = await copy.release('@lg/pull-request', 'major')
    expect(released).toMatchObject({ '@lg/pull-request': '2.0.0', '@lg/pr-github': '1.2.1' })
    expect(Object.keys(released)).not.toContain('@lg/yaml-edit')
  })
})

it('every published package has a note or a version', () => {
  const notes = readdirSync(join(root, '.changeset')).filter((file) => file.endsWith('.md'))
  const noted = notes.map((file) => readFileSync(join(root, '.changeset', file), 'utf8')).join('\n')
  const unversioned = publishedPackages().filter(({ manifest }) => manifest.version === '0.0.0')
  const names = unversioned.map(({ manifest }) => manifest.name)
  expect(names.filter((name) => !noted.includes(`'${name}': `))).toEqual([])
})
