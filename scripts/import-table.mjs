// @ts-check
/**
 * Who may import whom. One row a package, keyed by its folder; a row includes the rows of the packages that it names.
 * The lint rule in `lint/import-table-rule.mjs` and the tests of `package.json` files read it from here.
 *
 * @typedef {object} Row
 * @property {readonly string[]} packages Other packages of lg, by folder.
 * @property {readonly string[]} libraries Packages of others.
 * @property {boolean} browser Whether the main entry runs in a browser: then it imports nothing of Node.
 */

/** @type {Readonly<Record<string, Row>>} */
export const importTable = {
  runtime: { packages: [], libraries: ['@standard-schema/spec'], browser: true },
  schema: { packages: ['runtime'], libraries: ['@cfworker/json-schema'], browser: true },
  'yaml-edit': { packages: [], libraries: ['yaml'], browser: true },
  serializer: { packages: ['runtime', 'yaml-edit'], libraries: ['yaml'], browser: true },
  filter: { packages: ['runtime'], libraries: [], browser: true },
  patch: { packages: ['runtime', 'yaml-edit'], libraries: ['json-merge-patch', 'rfc6902'], browser: true },
  'storage-raw': { packages: ['runtime'], libraries: [], browser: false },
  storage: {
    packages: ['serializer', 'filter', 'patch', 'storage-raw'],
    libraries: ['rxjs'],
    browser: false,
  },
  'storage-watch': { packages: ['storage'], libraries: ['@parcel/watcher', 'rxjs'], browser: false },
  git: { packages: ['runtime'], libraries: [], browser: true },
  'git-cli': { packages: ['git'], libraries: [], browser: false },
  'git-nodegit': { packages: ['git'], libraries: ['nodegit'], browser: false },
  gitdir: { packages: ['git'], libraries: ['rxjs'], browser: false },
  'storage-git': { packages: ['storage', 'gitdir', 'pull-request'], libraries: [], browser: false },
  'pull-request': { packages: ['git'], libraries: [], browser: true },
  'pr-github': { packages: ['pull-request'], libraries: ['@octokit/rest'], browser: true },
  'pr-gitlab': {
    packages: ['pull-request'],
    libraries: ['@gitbeaker/requester-utils', '@gitbeaker/rest'],
    browser: true,
  },
  'pr-gitea': { packages: ['pull-request'], libraries: ['gitea-js'], browser: true },
  'pr-azure-devops': { packages: ['pull-request'], libraries: ['diff'], browser: true },
  'pr-local': { packages: ['pull-request', 'git'], libraries: ['diff'], browser: false },
  'test-kit': { packages: ['git', 'pull-request', 'storage'], libraries: ['ssh2'], browser: false },
}

/** What a `testing` sub-path may import besides: the runner of its user, and arbitrary input. */
export const testingLibraries = ['vitest', 'fast-check']

/**
 * All that a package may import: its own row and, through it, the rows of the packages it names.
 *
 * @param {string} folder
 * @returns {{ packages: Set<string>, libraries: Set<string> }}
 */
export function allowedImports(folder) {
  const packages = new Set()
  const libraries = new Set()
  /** @param {string} name */
  const visit = (name) => {
    const row = importTable[name]
    if (row === undefined) throw new Error(`No row for '${name}' in scripts/import-table.mjs`)
    for (const library of row.libraries) libraries.add(library)
    for (const imported of row.packages) {
      if (packages.has(imported)) continue
      packages.add(imported)
      visit(imported)
    }
  }
  visit(folder)
  return { packages, libraries }
}
