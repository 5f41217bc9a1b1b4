import { plainEnvironment } from '@lg/git/node'

/** The environment of every git child: no user or system configuration, no prompt, English messages. */
export function childEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  home: string,
): Readonly<Record<string, string>> {
  return {
    ...plainEnvironment(environment, home, ['all_proxy', 'ALL_PROXY']),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    // Empty, so that git does not fall back to the program that answers ssh.
    GIT_ASKPASS: '',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_NO_LAZY_FETCH: '1',
    GIT_GRAFT_FILE: '/dev/null',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_FLUSH: '1',
    GIT_ALLOW_PROTOCOL: '',
  }
}

/** Settings that win over what a repository's own configuration says. None is a secret: arguments can be seen. */
export const fixedConfiguration: readonly string[] = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.sshCommand=',
  'core.filesRefLockTimeout=10000',
  'core.packedRefsTimeout=10000',
  'core.abbrev=40',
  'core.logAllRefUpdates=false',
  'core.quotePath=false',
  'gc.auto=0',
  'maintenance.auto=false',
  'fetch.writeCommitGraph=false',
  'fetch.recurseSubmodules=false',
  'push.recurseSubmodules=no',
  'push.gpgSign=false',
  'submodule.recurse=false',
  'advice.pushUpdateRejected=false',
  'protocol.version=2',
  'http.followRedirects=false',
  'http.emptyAuth=false',
  'http.cookieFile=',
  'credential.helper=',
].flatMap((setting) => ['-c', setting])
