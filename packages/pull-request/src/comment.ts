export interface NewComment {
  /** Markdown. */
  readonly body: string
  /**
   * A name for what the comment is about: a later comment on the same topic replaces this one, so a program
   * that runs again does not repeat itself. Default: always a new comment.
   */
  readonly topic?: string | undefined
}

export interface CommentResult {
  readonly id: string
  readonly url?: string | undefined
  readonly action: 'created' | 'updated' | 'unchanged'
}

export interface Comment {
  readonly id: string
  readonly body: string
  readonly topic?: string | undefined
  /** Login name, or what the host shows for it. */
  readonly author?: string | undefined
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  readonly updatedAt: number
}
