/** Which keys a map has. Most maps have a handful, for which an array is faster than a Set. */
export class KeySet {
  readonly #few: string[] = []
  #many: Set<string> | undefined

  /** False when the key was there before. */
  add(key: string): boolean {
    if (this.#many !== undefined) {
      const size = this.#many.size
      return this.#many.add(key).size > size
    }
    if (this.#few.includes(key)) return false
    this.#few.push(key)
    if (this.#few.length > 12) this.#many = new Set(this.#few)
    return true
  }
}
