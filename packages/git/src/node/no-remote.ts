import { gitErrors } from '../errors.ts'
import type { GitRemote } from '../git.ts'

/** Every call is refused: the store follows no remote. */
export function noRemote(engine: string): GitRemote {
  const refuse = async (): Promise<never> => {
    throw gitErrors.create('UNSUPPORTED', 'This repository was opened without a remote', {
      engine,
      feature: 'remote',
    })
  }
  return { remoteRefs: refuse, fetch: refuse, push: refuse }
}
