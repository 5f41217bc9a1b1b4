/**
 * GitLab takes a line such as `/merge` or `/close` in a description or a comment for a command, and carries it out with
 * the rights of the token. The text may hold words of others, so such a line goes with a backslash before it, which
 * Markdown does not show.
 */
export function escapeQuickActions(text: string): string {
  return text.replace(/^(?=\\*\/[a-z_]+(?:\s|$))/gim, '\\')
}

/** What {@link escapeQuickActions} was given. */
export function unescapeQuickActions(text: string): string {
  return text.replace(/^\\(?=\\*\/[a-z_]+(?:\s|$))/gim, '')
}
