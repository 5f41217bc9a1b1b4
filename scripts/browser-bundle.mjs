// @ts-check
import { build } from 'esbuild'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { root } from './workspace.mjs'

/**
 * The sizes of the main entry of a built package, with all that it imports, as a browser loads it. Rejects when the
 * package reaches a module of Node.
 *
 * @param {{ path: string, manifest: { name: string } }} folder
 * @returns {Promise<{ bytes: number, compressed: number }>}
 */
export async function browserBundle({ path, manifest }) {
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
  const contents = outputFiles[0]?.contents ?? new Uint8Array()
  return { bytes: contents.length, compressed: gzipSync(contents).length }
}
