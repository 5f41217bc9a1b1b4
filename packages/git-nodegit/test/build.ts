import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(new URL('../../../scripts/nodegit-build.mjs', import.meta.url))

/** The compiled nodegit, when `pnpm nodegit:build` made one for this Node. */
export const folder: string = execFileSync(process.execPath, [script, '--where'], { encoding: 'utf8' }).trim()
export const isBuilt: boolean = existsSync(folder)
