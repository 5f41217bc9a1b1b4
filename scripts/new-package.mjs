// @ts-check
// Makes a package like the others: `pnpm new-package <folder> "<what it is, in one sentence>"`. Its row of the import
// table comes first, since its dependencies follow from it.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { importTable } from './import-table.mjs'
import { root } from './workspace.mjs'

/**
 * The files of a new package, by path inside it.
 *
 * @param {string} folder
 * @param {string} description
 * @returns {Record<string, string>}
 */
export function newPackage(folder, description) {
  const row = importTable[folder]
  if (row === undefined) throw new Error(`Give '${folder}' its row in scripts/import-table.mjs first`)
  const dependencies = row.packages.toSorted().map((name) => [`@lg/${name}`, 'workspace:^'])
  const manifest = {
    name: `@lg/${folder}`,
    version: '0.0.0',
    description,
    license: 'Apache-2.0',
    type: 'module',
    sideEffects: false,
    engines: { node: '>=20.19.0' },
    files: ['dist', 'src'],
    exports: {
      '.': { '@lg/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' },
      './package.json': './package.json',
    },
    scripts: { build: 'node ../../scripts/build.mjs' },
    ...(dependencies.length > 0 ? { dependencies: Object.fromEntries(dependencies) } : {}),
  }
  const build = {
    extends: '../../tsconfig.base.json',
    compilerOptions: { rootDir: 'src', outDir: 'dist', ...(row.browser ? {} : { types: ['node'] }) },
    include: ['src'],
  }
  return {
    'package.json': json(manifest),
    'tsconfig.build.json': json(build),
    'README.md': [
      `# @lg/${folder}`,
      description,
      `\`\`\`sh\nnpm install @lg/${folder}\n\`\`\``,
      ...['Options', 'Error codes', 'Limits'].map((title) => `## ${title}`),
    ]
      .join('\n\n')
      .concat('\n'),
    'src/index.ts': 'export {}\n',
  }
}

/** @param {unknown} value */
const json = (value) => `${JSON.stringify(value, null, 2)}\n`

if (process.argv[1] === resolve(import.meta.filename)) {
  const [folder, description] = process.argv.slice(2)
  if (folder === undefined || description === undefined) {
    console.error('Usage: pnpm new-package <folder> "<what it is, in one sentence>"')
    process.exit(2)
  }
  const target = join(root, 'packages', folder)
  if (existsSync(target)) throw new Error(`${target} is already there`)
  for (const [path, content] of Object.entries(newPackage(folder, description))) {
    mkdirSync(dirname(join(target, path)), { recursive: true })
    writeFileSync(join(target, path), content)
  }
  console.log(`Made packages/${folder}. Next: its libraries in package.json, then pnpm install.`)
}
