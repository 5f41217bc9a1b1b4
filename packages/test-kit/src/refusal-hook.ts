import { createTree } from './tree.ts'
import type { HttpFault } from './fault.ts'
import type { GitConfig } from './git-command.ts'

/** A folder with a pre-receive hook that refuses pushes as a fault says. */
export interface RefusalHook {
  /** What Git needs to be told for one push; nothing without such a fault. */
  under(fault: HttpFault | undefined): {
    readonly config: GitConfig
    readonly environment: Readonly<Record<string, string>>
  }
  close(): Promise<void>
}

const script = `#!/bin/sh
refused=
while read -r old new ref; do
  if [ -z "$TEST_KIT_REFUSED_BRANCH" ] || [ "$ref" = "refs/heads/$TEST_KIT_REFUSED_BRANCH" ]; then
    refused=yes
  fi
done
if [ -n "$refused" ]; then
  printf '%s\\n' "$TEST_KIT_REFUSAL" >&2
  exit 1
fi
`

export async function createRefusalHook(): Promise<RefusalHook> {
  const hooks = await createTree()
  await hooks.write('pre-receive', script, { mode: 0o755 })
  return {
    under(fault) {
      if (fault?.type !== 'refusePush') return { config: {}, environment: {} }
      const { message = 'This repository takes no pushes', branch = '' } = fault
      return {
        config: { 'core.hooksPath': hooks.dir },
        environment: { TEST_KIT_REFUSAL: message, TEST_KIT_REFUSED_BRANCH: branch },
      }
    },
    close: hooks.close,
  }
}
