import { access, constants, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gitErrors } from '@lg/git'

/** Beside `src` and `dist` alike: plain JavaScript, as children run it. */
const ask = fileURLToPath(new URL('../programs/ask.mjs', import.meta.url))

/** Makes git ask only our helper, with the repository's path, so that it answers for nothing else. */
export const askConfiguration: readonly string[] = [
  // One cannot tell git to run a program without a shell and with arguments, so they are quoted for it.
  `credential.helper=!${shellQuote(process.execPath)} ${shellQuote(ask)} credential`,
  'credential.useHttpPath=true',
]

export function askProgram(folder: string): string {
  return join(folder, 'askpass')
}

/** ssh takes the program's name alone, so a script holds the arguments. */
export async function writeAskProgram(folder: string): Promise<void> {
  const path = askProgram(folder)
  await writeFile(path, `#!/bin/sh\nexec ${shellQuote(process.execPath)} ${shellQuote(ask)} passphrase "$1"\n`, {
    mode: 0o700,
  })
  try {
    await access(path, constants.X_OK)
  } catch (error) {
    const reason = `programs in ${folder} cannot be run (noexec); name another folder in \`tempDir\``
    throw gitErrors.create('ENGINE_UNAVAILABLE', `SSH keys cannot be used: ${reason}`, { engine: 'ssh', reason }, {
      cause: error,
    })
  }
}

export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
