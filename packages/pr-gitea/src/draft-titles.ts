import { createPullRequestError, type ErrorPlace } from '@lg/pull-request'

/** Gitea has no field for drafts: one whose title begins with a prefix is a draft. */
export interface DraftTitles {
  /** The title as people mean it; unchanged when it has no prefix that is known here. */
  without(title: string): string
  /** The title to send. */
  titleFor(title: string, draft: boolean): string
}

export const otherPrefix = 'the server has another prefix for drafts; name it with the option draftPrefix'

/** What Gitea and Forgejo take for a prefix unless they are told otherwise. */
const usualPrefixes = ['WIP:', '[WIP]']

export function createDraftTitles(prefix: string): DraftTitles {
  const prefixes = [prefix, ...usualPrefixes].map((text) => text.toLowerCase())
  const without = (title: string): string => {
    const found = prefixes.find((text) => title.toLowerCase().startsWith(text))
    const rest = title.slice(found?.length ?? 0).trim()
    // A title that is nothing else stays, or there would be none.
    return found === undefined || rest === '' ? title : rest
  }
  return { without, titleFor: (title, draft) => (draft ? `${prefix} ${without(title)}` : title) }
}

/** Bytes of a title, with its prefix, that no version cuts. Some count what is wide instead, which is never more. */
export const titleLength = 255

/**
 * A title that makes a draft asks for one, so that what is read back is what was asked for.
 *
 * @throws {LgError} `VALIDATION` when it is not to be a draft, or is one that would be cut without a word.
 */
export function readTitle<
  Fields extends { readonly title: string | undefined; readonly draft: boolean | undefined },
>(fields: Fields, titles: DraftTitles, place: ErrorPlace): Fields {
  const { title, draft } = fields
  if (title === undefined) return fields
  const invalid = (reason: string): Error => {
    const faults = [{ field: 'title', reason }] as const
    return createPullRequestError('VALIDATION', `title: ${reason}`, place, { faults })
  }
  const rest = titles.without(title)
  const length = new TextEncoder().encode(titles.titleFor(title, true)).length
  if (length > titleLength) {
    throw invalid(`it has ${length} bytes with the prefix of a draft, and the host keeps ${titleLength}`)
  }
  if (rest === title) return fields
  if (draft === false) throw invalid('it begins with what makes a draft here')
  return { ...fields, title: rest, draft: true }
}
