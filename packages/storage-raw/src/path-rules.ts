/** Which files of a tree may hold objects. */
export interface PathRules {
  file(path: string): boolean
  /** False for a folder that need not be entered. */
  folder(path: string): boolean
}

export interface PathRuleOptions {
  /**
   * Globs of files that may hold objects; a file must match one. Default: every `.yaml`, `.yml` and `.json` file.
   */
  readonly include?: readonly string[] | undefined
  /** Globs of files and folders to leave out, with all that is below. Wins over `include`. Default: none. */
  readonly exclude?: readonly string[] | undefined
}

/**
 * Rules from globs over paths from the root: `*` and `?` stay within one part, `**` crosses parts, `{a,b}` is either.
 * A glob without `/` matches the last part at any depth. A `.git` folder is never entered.
 *
 * @example
 * ```ts
 * const rules = createPathRules({ include: ['clusters/**' + '/*.yaml'], exclude: ['vendor', '*.draft.yaml'] })
 * ```
 */
export function createPathRules({ include, exclude = [] }: PathRuleOptions = {}): PathRules {
  const included = (include ?? ['*.{yaml,yml,json}']).map(toPattern)
  const excluded = exclude.map(toPattern)
  const isExcluded = (path: string): boolean => excluded.some((pattern) => pattern.test(path))
  const leadsThrough = (path: string): boolean => {
    if (/(?:^|\/)\.git(?:\/|$)/i.test(path)) return true
    if (excluded.length === 0) return false
    const parts = path.split('/')
    return parts.some((_, at) => isExcluded(parts.slice(0, at + 1).join('/')))
  }
  return {
    file: (path) => included.some((pattern) => pattern.test(path)) && !leadsThrough(path),
    folder: (path) => !leadsThrough(path),
  }
}

function toPattern(glob: string): RegExp {
  const anchored = glob.replace(/^\//, '').replace(/\/$/, '')
  const prefix = anchored.includes('/') || glob.startsWith('/') ? '' : '(?:.*/)?'
  return new RegExp(`^${prefix}${translate(anchored)}$`, 's')
}

function translate(glob: string): string {
  let depth = 0
  return glob.replace(/\*\*\/|\/\*\*$|\*\*|[*?{},]|[\\^$.|+()[\]]/g, (token) => {
    switch (token) {
      case '**/':
        return '(?:.*/)?'
      case '/**':
        return '/.*'
      case '**':
        return '.*'
      case '*':
        return '[^/]*'
      case '?':
        return '[^/]'
      case '{':
        depth++
        return '(?:'
      case '}':
        if (depth === 0) return '\\}'
        depth--
        return ')'
      case ',':
        return depth > 0 ? '|' : ','
      default:
        return `\\${token}`
    }
  })
}
