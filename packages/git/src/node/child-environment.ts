/** What a child may know of the caller's environment: where programs are, and how the network is reached. */
const passed = [
  'PATH',
  'TMPDIR',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'HTTPS_PROXY',
  'NO_PROXY',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
]

/**
 * The environment that every child of an engine begins with: no configuration of the user, messages in English.
 *
 * @param more names of other variables that this engine passes on.
 */
export function plainEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  home: string,
  more: readonly string[],
): Readonly<Record<string, string>> {
  const kept = [...passed, ...more].flatMap((name) => {
    const value = environment[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return { ...Object.fromEntries(kept), HOME: home, XDG_CONFIG_HOME: home, LC_ALL: 'C', TZ: 'UTC' }
}
