// @ts-check
// Runs one bundled bench in a process of its own, so that benches do not share a heap, and leaves its rows in a file.
import { writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

const [bundle = '', result = ''] = process.argv.slice(2)
const { run } = await import(pathToFileURL(bundle).href)
writeFileSync(result, JSON.stringify(await run()))
