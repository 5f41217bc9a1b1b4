// @ts-check
// Bundles the main entry of every package that is to run in browsers, for a browser, and prints its size. A package
// that reaches a module of Node does not bundle.
// Arguments: package folders; none means all.
import { build } from 'esbuild'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { importTable } from './import-table.mjs'
import { packagesIn, root } from './workspace.mjs'

const wanted = process.argv.slice(2)

for (const { folder, path, manifest } of packagesIn('packages')) {
  if (!importTable[folder]?.browser || (wanted.length > 0 && !wanted.includes(folder))) continue
  try {
    const { outputFiles } = await build({
      stdin: { contents: `export * from '${manifest.name}'`, resolveDir: join(root, path) },
      bundle: true,
      write: false,
      minify: true,
      format: 'esm',
      platform: 'browser',
      target: 'es2023',
      logLevel: 'silent',
    })
    const bytes = outputFiles[0]?.contents ?? new Uint8Array()
    console.log(`${manifest.name}: ${bytes.length} bytes, ${gzipSync(bytes).length} compressed`)
  } catch (error) {
    console.error(
      `${manifest.name} does not bundle for browsers: ${error instanceof Error ? error.message : error}`,
    )
    process.exitCode = 1
  }
}
