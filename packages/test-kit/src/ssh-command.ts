import { gitService } from './git-service.ts'
import type { GitService } from './git-service.ts'

/** Reads the command that Git's client sends over SSH, undefined for any other. */
export function parseSshCommand(command: string): { service: GitService; repository: string } | undefined {
  const match = /^(git[ -][a-z-]+) (.+)$/s.exec(command)
  const service = gitService(match?.[1]?.replace(' ', '-') ?? null)
  const path = unquote(match?.[2] ?? '')
  if (service === undefined || path === undefined) return undefined
  return { service, repository: path.replace(/^\/+/, '') }
}

/** Undoes Git's quoting for the shell: `'it'\''s'`, with `!` escaped the same way. */
function unquote(text: string): string | undefined {
  if (!/^(?:'[^']*'|\\['!])+$/s.test(text)) return undefined
  return text.replaceAll(
    /'([^']*)'|\\(['!])/gs,
    (_, quoted?: string, escaped?: string) => quoted ?? escaped ?? '',
  )
}
