/**
 * The HTML comment that a text ends with, when it begins with `opening`, and the text before it without the lines that
 * part them. No pattern looks for it: the text is anybody's, and may be made to take for ever.
 */
export function lastComment(
  text: string,
  opening: string,
): { readonly before: string; readonly comment: string } | undefined {
  const start = text.lastIndexOf(opening)
  if (start < 0) return undefined
  let end = start
  while (end > 0 && (text[end - 1] === '\n' || text[end - 1] === '\r')) end--
  return { before: text.slice(0, end), comment: text.slice(start).trimEnd() }
}
