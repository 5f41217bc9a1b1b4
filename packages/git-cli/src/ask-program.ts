import { access, constants, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gitErrors } from '@lg/git'

/** Beside `src` and `dist` alike: plain JavaScript, as children run it. */
const ask = fileURLToPath(new URL('../programs/ask.mjs', import.meta.url))

/**
 * Makes git ask only us, with the repository's path, so that we answer for nothing else. First through git's own
 * `credential-cache`, of which the socket is made to look like the daemon: it starts ten times quicker than Node, which
 * is asked where that gave no answer.
 */
export function askConfiguration(git: string, socket: string): readonly string[] {
  const helpers = [
    `${shellQuote(git)} credential-cache --socket ${shellQuote(socket)} get 2>/dev/null`,
    `${shellQuote(process.execPath)} ${shellQuote(ask)} get`,
  ]
  return [
    // What git would have stored or erased is nobody's to keep.
    ...helpers.map((helper) => `credential.helper=!f() { case "$1" in get) exec ${helper};; esac; }; f`),
    'credential.useHttpPath=true',
  ]
}

export function askProgram(folder: string): string {
  return join(folder, 'askpass')
}

/** ssh takes the program's name alone, so a script holds the arguments. */
export async function writeAskProgram(folder: string): Promise<void> {
  const path = askProgram(folder)
  await writeFile(
    path,
    `#!/bin/sh\nexec ${shellQuote(process.execPath)} ${shellQuote(ask)} passphrase "$1"\n`,
    {
      mode: 0o700,
    },
  )
  try {
    await access(path, constants.X_OK)
  } catch (error) {
    const reason = `programs in ${folder} cannot be run (noexec); name another folder in \`tempDir\``
    throw gitErrors.create(
      'ENGINE_UNAVAILABLE',
      `SSH keys cannot be used: ${reason}`,
      { engine: 'ssh', reason },
      {
        cause: error,
      },
    )
  }
}

export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
