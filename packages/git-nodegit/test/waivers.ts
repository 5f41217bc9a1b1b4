import type { Waiver } from '@lg/git/testing'

export const unbornHead: Waiver = {
  case: 'remote-empty',
  reason: 'libgit2 speaks protocol version 0, in which an empty repository does not tell what its HEAD names',
}

export const noHooks: Waiver = {
  case: 'push-refused',
  reason:
    'libgit2 runs no hooks of a folder; one that has some is refused as UNSUPPORTED before anything is pushed',
}
