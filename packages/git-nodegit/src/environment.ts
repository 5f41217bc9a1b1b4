import { plainEnvironment } from '@lg/git/node'

/** @param agent the socket of the SSH agent. */
export function engineEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  home: string,
  agent: string | undefined,
): Readonly<Record<string, string>> {
  return {
    ...plainEnvironment(environment, home, ['LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH']),
    ...(agent !== undefined && { SSH_AUTH_SOCK: agent }),
  }
}
