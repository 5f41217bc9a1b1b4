export const tab = 0x09
export const lineFeed = 0x0a
export const space = 0x20
export const doubleQuote = 0x22
export const hash = 0x23
export const ampersand = 0x26
export const singleQuote = 0x27
export const asterisk = 0x2a
export const comma = 0x2c
export const dash = 0x2d
export const colon = 0x3a
export const greater = 0x3e
export const question = 0x3f
export const leftBracket = 0x5b
export const backslash = 0x5c
export const rightBracket = 0x5d
export const leftBrace = 0x7b
export const bar = 0x7c
export const rightBrace = 0x7d

/** `, [ ] { } # & * ! | > ' " % @ `` and tab: what a plain scalar cannot begin with. */
export const indicators: ReadonlySet<number> = new Set([...',[]{}#&*!|>\'"%@`\t'].map((c) => c.charCodeAt(0)))
