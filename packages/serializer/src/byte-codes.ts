// The bytes that mean something in YAML and JSON.
export const tab = 0x09
export const newline = 0x0a
export const carriageReturn = 0x0d
export const space = 0x20
export const doubleQuote = 0x22
export const hash = 0x23
export const percent = 0x25
export const dash = 0x2d
export const dot = 0x2e
export const backslash = 0x5c
