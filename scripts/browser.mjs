// @ts-check
// Bundles the main entry of every package that is to run in browsers, for a browser, and prints its size. A package
// that reaches a module of Node does not bundle.
// Arguments: package folders; none means all.
import { browserBundle } from './browser-bundle.mjs'
import { importTable } from './import-table.mjs'
import { packagesIn } from './workspace.mjs'

const wanted = process.argv.slice(2)

for (const { folder, path, manifest } of packagesIn('packages')) {
  if (!importTable[folder]?.browser || (wanted.length > 0 && !wanted.includes(folder))) continue
  try {
    const { bytes, compressed } = await browserBundle({ path, manifest })
    console.log(`${manifest.name}: ${bytes} bytes, ${compressed} compressed`)
  } catch (error) {
    console.error(
      `${manifest.name} does not bundle for browsers: ${error instanceof Error ? error.message : error}`,
    )
    process.exitCode = 1
  }
}
