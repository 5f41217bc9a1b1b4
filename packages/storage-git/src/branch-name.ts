import { randomHex, type Random } from '@lg/runtime'

/** A name that ends in `-` gets 8 random hex digits; any other is taken as it is. */
export function completeBranchName(name: string, random: Random): string {
  return name.endsWith('-') ? name + randomHex(random, 4) : name
}
