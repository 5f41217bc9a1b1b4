// Empty projects outside of the workspace, one for each published package, which has nothing but that package.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { entriesOf, packAll, pnpm, publishedPackages } from '../../../scripts/workspace.mjs'

export interface Consumer {
  /** The published package's name. */
  readonly name: string
  readonly dir: string
  /** What it imports: the package's entries, or only its `testing` entry, which needs a test runner beside it. */
  readonly entries: readonly string[]
  readonly usesNode: boolean
}

export interface Consumers {
  readonly dir: string
  readonly tarballs: ReadonlyMap<string, string>
  readonly all: readonly Consumer[]
  close(): void
}

/** How a package's consumers are called: its folder's name, with `-testing` for the one that runs its conformance suite. */
export const consumerFolders: readonly { readonly folder: string; readonly entries: readonly string[] }[] =
  publishedPackages().flatMap(({ folder, manifest }) => {
    const entries = entriesOf(manifest)
    const testing = entries.filter((entry) => entry.endsWith('/testing'))
    return [
      { folder, entries: entries.filter((entry) => !testing.includes(entry)) },
      ...(testing.length > 0 ? [{ folder: `${folder}-testing`, entries: testing }] : []),
    ]
  })

/** Packs every package and installs each alone; what it needs of lg comes from the other tarballs. */
export async function createConsumers(runsInBrowser: (folder: string) => boolean): Promise<Consumers> {
  const dir = mkdtempSync(join(tmpdir(), 'lg-consumers-'))
  const close = (): void => rmSync(dir, { recursive: true, force: true })
  try {
    const tarballs = await packAll(join(dir, 'tarballs'))
    const all = consumerFolders.map(({ folder, entries }): Consumer => {
      const name = entries[0]?.split('/').slice(0, 2).join('/') ?? ''
      const usesNode =
        !runsInBrowser(name.slice('@lg/'.length)) || entries.length > 1 || folder.endsWith('-testing')
      const consumer = { name, dir: join(dir, 'consumers', folder), entries, usesNode }
      mkdirSync(consumer.dir, { recursive: true })
      writeJson(join(consumer.dir, 'package.json'), {
        name: `consumer-${folder}`,
        private: true,
        type: 'module',
        dependencies: {
          [name]: `file:${tarballs.get(name)}`,
          ...(folder.endsWith('-testing') ? { vitest: '^4.1.0' } : {}),
        },
      })
      writeFileSync(
        join(consumer.dir, 'index.ts'),
        entries.map((entry, index) => `export * as entry${index} from '${entry}'\n`).join(''),
      )
      return consumer
    })
    writeJson(join(dir, 'package.json'), {
      name: 'consumers',
      private: true,
      devDependencies: { '@types/node': '^20.19.0' },
    })
    // Without hoisting, a dependency that a package forgot to declare is not found.
    writeJson(join(dir, 'pnpm-workspace.yaml'), {
      packages: ['consumers/*'],
      hoist: false,
      autoInstallPeers: false,
      overrides: Object.fromEntries([...tarballs].map(([name, tarball]) => [name, `file:${tarball}`])),
    })
    const { succeeded, output } = await pnpm(
      ['install', '--prefer-offline', '--ignore-scripts', '--no-frozen-lockfile'],
      { cwd: dir },
    )
    if (!succeeded) throw new Error(`The packed packages do not install:\n${output}`)
    return { dir, tarballs, all, close }
  } catch (error) {
    close()
    throw error
  }
}

export const writeJson = (path: string, value: unknown): void =>
  writeFileSync(path, JSON.stringify(value, null, 2))
