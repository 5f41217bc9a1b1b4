import { createRequire } from 'node:module'
import { gitErrors } from '@lg/git'

export const engine = 'libgit2'

/** Where the module's main file is. Does not load it. */
export function findModule(module: string): string {
  try {
    return createRequire(import.meta.url).resolve(module)
  } catch (error) {
    throw unavailable(`there is no module "${module}"`, error)
  }
}

/** With the way out: nodegit has to be compiled. */
export function unavailable(reason: string, cause?: unknown): Error {
  return gitErrors.create(
    'ENGINE_UNAVAILABLE',
    `libgit2 cannot be used: ${reason}. Install nodegit@0.28.0-alpha.36, which compiles itself for this Node and ` +
      'needs a C++ compiler, make, Python 3 and the headers of OpenSSL and Kerberos (on Debian: build-essential ' +
      'python3 libssl-dev libkrb5-dev), or name its folder in `module`.',
    { engine, reason },
    { cause },
  )
}

export function unsupported(feature: string): Error {
  return gitErrors.create('UNSUPPORTED', `${engine} cannot do this: ${feature}`, { engine, feature })
}
