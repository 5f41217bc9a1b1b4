// @ts-check
// An oxlint plugin with one rule: every import keeps to the import table.
import { builtinModules } from 'node:module'
import { posix, relative, sep } from 'node:path'
import { allowedImports, importTable, testingLibraries } from '../import-table.mjs'

const nodeModules = new Set(builtinModules)
const subPaths = new Set(['testing', 'node', 'http', 'hosted', 'webhooks'])
// Those that need not run in a browser, whatever the row says.
const platformParts = new Set(['testing', 'node'])

/**
 * Why a file may not import a module, or undefined when it may.
 *
 * @param {string} file relative to the workspace, with forward slashes
 * @param {string} specifier as it stands in the source
 * @returns {string | undefined}
 */
export function importProblem(file, specifier) {
  const [root, folder = '', area = '', ...rest] = file.split('/')
  if (root !== 'packages' && root !== 'apps') return undefined
  const home = `${root}/${folder}`
  const inSource = root === 'packages' && area === 'src'
  const [first = ''] = rest
  const part = inSource && rest.length > 1 && subPaths.has(first) ? first : 'main'

  if (specifier.startsWith('.')) {
    const target = posix.join(posix.dirname(file), specifier)
    if (!target.startsWith(`${home}/`)) return 'a relative import stays inside its package'
    if (area === 'bench' && target.startsWith(`${home}/src/`))
      return 'a bench measures the built package, so it imports it by name'
    if (!inSource) return undefined
    const entered = target.slice(`${home}/src/`.length).split('/')
    if (!target.startsWith(`${home}/src/`)) return 'sources import only sources'
    const enteredPart = entered.length > 1 && subPaths.has(entered[0] ?? '') ? entered[0] : 'main'
    const neutral = part !== 'main' && !platformParts.has(part ?? '') && !platformParts.has(enteredPart ?? '')
    if (enteredPart !== 'main' && enteredPart !== part && !neutral) {
      return `the ${part === 'main' ? 'main entry' : `sub-path '${part}'`} does not import the sub-path '${enteredPart}'`
    }
    return undefined
  }

  const [scope, name = '', ...subPath] = specifier.split('/')
  if (scope === '@lg') {
    if (subPath.length > 1 || (subPath.length === 1 && !subPaths.has(subPath[0] ?? ''))) {
      return `a package is imported by its name or by one of its sub-paths, not by a path inside it`
    }
    if (!inSource || name === folder) return undefined
    if (!allowed(folder).packages.has(name)) return notInRow(folder, specifier)
    if (subPath[0] === 'testing' && part !== 'testing')
      return `only tests and the sub-path 'testing' import '${specifier}'`
    if (subPath[0] === 'node' && part !== 'node' && importTable[folder]?.browser) return browserSafe(folder)
    return undefined
  }

  if (!inSource) return undefined
  if (specifier.startsWith('node:') || nodeModules.has(specifier)) {
    return !platformParts.has(part) && importTable[folder]?.browser ? browserSafe(folder) : undefined
  }
  const library = scope?.startsWith('@') ? `${scope}/${name}` : (scope ?? '')
  if (part === 'testing' && testingLibraries.includes(library)) return undefined
  return allowed(folder).libraries.has(library) ? undefined : notInRow(folder, specifier)
}

/** @param {string} folder */
const allowed = (folder) =>
  importTable[folder] === undefined ? { packages: new Set(), libraries: new Set() } : allowedImports(folder)

/** @param {string} folder @param {string} specifier */
const notInRow = (folder, specifier) =>
  importTable[folder] === undefined ?
    `'${folder}' has no row in scripts/import-table.mjs`
  : `'${specifier}' is not in the row of '${folder}' in scripts/import-table.mjs`

/** @param {string} folder */
const browserSafe = (folder) =>
  `the main entry of '${folder}' runs in browsers, so it imports nothing of Node`

const rule = {
  /** @param {any} context */
  create(context) {
    const file = relative(context.cwd ?? process.cwd(), context.filename)
      .split(sep)
      .join('/')
    /** @param {any} source */
    const check = (source) => {
      if (source?.type !== 'Literal' || typeof source.value !== 'string') return
      const problem = importProblem(file, source.value)
      if (problem !== undefined) context.report({ node: source, message: `Import table: ${problem}.` })
    }
    return {
      /** @param {any} node */
      ImportDeclaration: (node) => check(node.source),
      /** @param {any} node */
      ExportNamedDeclaration: (node) => check(node.source),
      /** @param {any} node */
      ExportAllDeclaration: (node) => check(node.source),
      /** @param {any} node */
      ImportExpression: (node) => check(node.source),
      /** @param {any} node */
      TSImportType: (node) => check(node.source ?? node.argument),
    }
  },
}

export default { meta: { name: 'lg' }, rules: { 'import-table': rule } }
