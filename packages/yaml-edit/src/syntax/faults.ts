import { YamlEditError } from '../errors.ts'
import type { StreamText } from '../stream/stream-text.ts'

/** Gathers what is wrong with one document; offsets are those of the whole text. */
export interface Faults {
  readonly errors: readonly YamlEditError[]
  syntax(offset: number, reason: string, message: string): void
  invalidCharacter(offset: number, character: string): void
  tooDeep(offset: number, limit: number): void
  unknownAnchor(offset: number, anchor: string): void
  /** @param what - what is used as a key, with its article. */
  unsupportedKey(offset: number, what: string): void
  duplicateKey(offset: number, key: string, firstOffset: number): void
}

export function createFaults(stream: StreamText, document: number): Faults {
  const errors: YamlEditError[] = []
  return {
    errors,
    syntax(offset, reason, message) {
      const position = stream.positionAt(offset)
      const details = { ...position, reason, document }
      errors.push(new YamlEditError('SYNTAX', `${place(position)}: ${message}`, details))
    },
    invalidCharacter(offset, character) {
      const position = stream.positionAt(offset)
      const message = `${place(position)}: ${character} is not allowed in YAML; write it as an escape in double quotes`
      errors.push(new YamlEditError('INVALID_CHARACTER', message, { ...position, character, document }))
    },
    tooDeep(offset, limit) {
      const position = stream.positionAt(offset)
      const message = `${place(position)}: nested more than ${limit} levels deep`
      errors.push(new YamlEditError('TOO_DEEP', message, { ...position, limit, document }))
    },
    unknownAnchor(offset, anchor) {
      const position = stream.positionAt(offset)
      const message = `${place(position)}: the alias *${anchor} has no anchor &${anchor} before it`
      errors.push(new YamlEditError('INVALID_ALIAS', message, { ...position, anchor, document }))
    },
    unsupportedKey(offset, what) {
      const position = stream.positionAt(offset)
      const message = `${place(position)}: ${what} is used as a key; a key must be a string, a number or a boolean`
      errors.push(new YamlEditError('UNSUPPORTED_KEY', message, { ...position, document }))
    },
    duplicateKey(offset, key, firstOffset) {
      const position = stream.positionAt(offset)
      const first = stream.positionAt(firstOffset)
      const message = `${place(position)}: the key ${JSON.stringify(key)} stands already at ${place(first)}`
      errors.push(new YamlEditError('DUPLICATE_KEY', message, { ...position, key, first, document }))
    },
  }
}

function place(position: { readonly line: number; readonly column: number }): string {
  return `line ${position.line}, column ${position.column}`
}
