import { resolvePlain } from './resolve-plain.ts'

// What the cores of YAML 1.1 and 1.2 give a meaning that Kubernetes' reader does not.
const otherwiseRead: readonly RegExp[] = [
  /^(?:=|<<)$/,
  /^[-+]?0[oO]?[0-7_]*$/,
  /^[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+)$/i,
  /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/,
  /^[-+]?(?:[0-9][0-9_,]*)?\.[0-9_]*(?:[eE][-+]?[0-9]+)?$/,
  /^[-+]?[0-9][0-9_,]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]*)?$/,
  /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt \t].*)?$/,
  /^[-+]?\.(?:inf|nan)$/i,
  /^(?:true|false|yes|no|on|off|null|y|n)$/i,
]

/**
 * True when some reader of YAML 1.1 or 1.2 takes the unquoted text for something else than a string,
 * so that it must be written in quotes.
 */
export function readsAsOther(text: string): boolean {
  const first = text.charCodeAt(0)
  const mayBeOther =
    (first >= 0x2b && first <= 0x3d && first !== 0x2f && first !== 0x3a) || first === 0x7e || text.length < 6
  if (!mayBeOther) return false
  return typeof resolvePlain(text) !== 'string' || otherwiseRead.some((pattern) => pattern.test(text))
}
