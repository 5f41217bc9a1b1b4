import { type ScalarValue, resolvePlain } from '../scalar/resolve-plain.ts'

const core = /^(?:!!|tag:yaml\.org,2002:|!<tag:yaml\.org,2002:)([a-z]+)>?$/

/** The value of a scalar with an explicit tag, or undefined when its text does not fit the tag. */
export function resolveTagged(tag: string, source: string): ScalarValue | undefined {
  const name = core.exec(tag)?.[1]
  if (name === 'binary') return decodeBase64(source)
  if (name !== 'null' && name !== 'bool' && name !== 'int' && name !== 'float') return source
  const value = resolvePlain(source)
  const kind = value === null ? 'null' : typeof value
  if (name === 'null') return kind === 'null' ? value : undefined
  if (name === 'bool') return kind === 'boolean' ? value : undefined
  if (name === 'float') return kind === 'number' || kind === 'bigint' ? value : undefined
  return kind === 'bigint' || (kind === 'number' && Number.isInteger(value)) ? value : undefined
}

function decodeBase64(source: string): string | undefined {
  try {
    const bytes = Uint8Array.from(atob(source.replaceAll(/\s/g, '')), (c) => c.charCodeAt(0))
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  } catch {
    // Not base64: the caller reports it with its place.
    return undefined
  }
}
