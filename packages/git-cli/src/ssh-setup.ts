import { execFile } from 'node:child_process'
import { access, constants, symlink, writeFile } from 'node:fs/promises'
import { resolve, join } from 'node:path'
import { promisify } from 'node:util'
import type { SshCredentials } from '@lg/git'
import { findSshFiles } from '@lg/git/node'
import { shellQuote, writeAskProgram } from './ask-program.ts'
import type { Settings } from './options.ts'

/** How git calls ssh for one repository. */
export interface SshSetup {
  readonly env: Readonly<Record<string, string>>
  /** Ends the connection that is kept, if there is one: now, or when the calls that use it are done. */
  disconnect(when: 'now' | 'afterUse'): Promise<void>
}

/**
 * Writes the client's whole configuration into the private folder. Key and known_hosts are linked there under plain
 * names, because ssh splits, expands and unquotes the paths in its configuration.
 *
 * @throws {LgError} `INVALID_CREDENTIALS` when a file is missing or cannot be read.
 */
export async function setUpSsh(
  credentials: SshCredentials,
  folder: string,
  { ssh, sshPersist, timeouts, environment }: Settings,
): Promise<SshSetup> {
  const files = await findSshFiles(credentials, environment)
  await symlink(resolve(files.knownHosts), join(folder, 'known_hosts'))
  const identity =
    files.type === 'file' ? await linkKey(files.path, folder) : await linkAgent(files.socket, folder)
  const seconds = Math.max(1, Math.ceil(timeouts.connect / 1000))
  const config = join(folder, 'ssh_config')
  const mux = join(folder, 'mux')
  const lines = [
    'Host *',
    ...identity,
    `UserKnownHostsFile ${configPath(join(folder, 'known_hosts'))}`,
    'GlobalKnownHostsFile /dev/null',
    'StrictHostKeyChecking yes',
    'UpdateHostKeys no',
    'VerifyHostKeyDNS no',
    'CheckHostIP no',
    'PreferredAuthentications publickey',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'HostbasedAuthentication no',
    'GSSAPIAuthentication no',
    // The first question gets the passphrase, the second tells that it was wrong.
    'NumberOfPasswordPrompts 2',
    'AddKeysToAgent no',
    'ForwardAgent no',
    'ForwardX11 no',
    'ClearAllForwardings yes',
    'PermitLocalCommand no',
    'CanonicalizeHostname no',
    ...(sshPersist > 0 ? sharing(mux, sshPersist) : ['ControlMaster no']),
    `ConnectTimeout ${seconds}`,
    `ServerAliveInterval ${Math.ceil(seconds / 3)}`,
    'ServerAliveCountMax 3',
  ]
  await writeFile(config, `${lines.join('\n  ')}\n`, { mode: 0o600 })
  return {
    env: { GIT_SSH_COMMAND: `${shellQuote(ssh)} -F ${shellQuote(config)}`, GIT_SSH_VARIANT: 'ssh' },
    async disconnect(when) {
      if (sshPersist <= 0 || !(await isReadable(mux))) return
      // It may have ended by itself meanwhile.
      await promisify(execFile)(ssh, ['-F', config, '-O', when === 'now' ? 'exit' : 'stop', 'host'], {
        env: { PATH: environment['PATH'], HOME: folder },
        timeout: timeouts.connect,
      }).catch(() => {})
    },
  }
}

function sharing(mux: string, persist: number): readonly string[] {
  return [
    'ControlMaster auto',
    `ControlPath ${configPath(mux)}`,
    `ControlPersist ${Math.max(1, Math.ceil(persist / 1000))}`,
  ]
}

async function linkKey(path: string, folder: string): Promise<readonly string[]> {
  const link = join(folder, 'key')
  await symlink(resolve(path), link)
  for (const suffix of ['.pub', '-cert.pub']) {
    if (await isReadable(path + suffix)) await symlink(resolve(path + suffix), link + suffix)
  }
  await writeAskProgram(folder)
  return [`IdentityFile ${configPath(link)}`, 'IdentitiesOnly yes', 'IdentityAgent none']
}

async function linkAgent(socket: string, folder: string): Promise<readonly string[]> {
  const link = join(folder, 'agent')
  await symlink(resolve(socket), link)
  return [`IdentityAgent ${configPath(link)}`, 'IdentityFile none', 'IdentitiesOnly no']
}

/** ssh expands `%` in paths, and splits them at white space. */
function configPath(path: string): string {
  return `"${path.replaceAll('%', '%%')}"`
}

async function isReadable(path: string): Promise<boolean> {
  return access(path, constants.R_OK).then(
    () => true,
    () => false,
  )
}
