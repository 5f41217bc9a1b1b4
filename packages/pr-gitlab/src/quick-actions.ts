/** GitLab leaves out carriage returns before it looks, so one hides nothing. */
const command = String.raw`\\*\/[\w\r-]+(?:\s|$)`

/**
 * GitLab takes a line such as `/merge` or `/close` in a description or a comment for a command, and carries it out with
 * the rights of the token. The text may hold words of others, so such a line goes with a backslash before it, which
 * Markdown does not show.
 */
export function escapeQuickActions(text: string): string {
  return text.replace(new RegExp(`^(?=${command})`, 'gm'), '\\')
}

/** What {@link escapeQuickActions} was given. */
export function unescapeQuickActions(text: string): string {
  return text.replace(new RegExp(`^\\\\(?=${command})`, 'gm'), '')
}
