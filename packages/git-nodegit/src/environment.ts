/** What the engine's process may know of the caller's environment: where libraries are, and how the network is reached. */
const passed = [
  'PATH',
  'TMPDIR',
  'LD_LIBRARY_PATH',
  'DYLD_LIBRARY_PATH',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'HTTPS_PROXY',
  'NO_PROXY',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
] as const

/** @param agent the socket of the SSH agent. */
export function engineEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  home: string,
  agent: string | undefined,
): Readonly<Record<string, string>> {
  const kept = passed.flatMap((name) => {
    const value = environment[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return {
    ...Object.fromEntries(kept),
    HOME: home,
    XDG_CONFIG_HOME: home,
    LC_ALL: 'C',
    TZ: 'UTC',
    ...(agent !== undefined && { SSH_AUTH_SOCK: agent }),
  }
}
