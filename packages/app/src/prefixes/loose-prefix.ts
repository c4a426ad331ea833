import { Address, lengthOfNetmask, Prefix } from '@natplan/core'

/** A prefix out of one of the notations that exports use. */
export interface LoosePrefix {
  readonly prefix: Prefix
  readonly hadHostBits: boolean
}

/**
 * Reads `10.0.1.5/24`, `10.0.1.0/255.255.255.0` and `10.0.1.0 255.255.255.0`; host bits are dropped and told of. `undefined` for
 * anything else, an address alone included.
 */
export function readLoosely(text: string): LoosePrefix | undefined {
  const parts = /^([0-9A-Fa-f.:]+)(?:\/|\s+)([0-9.]+)$/.exec(text)
  if (!parts) return undefined
  const [, addressText = '', lengthText = ''] = parts
  const address = Address.tryParse(addressText)
  if (!address) return undefined
  const length = lengthText.includes('.') ? lengthOfNetmask(lengthText) : lengthOf(lengthText, text)
  if (length === undefined || length > (address.family === 4 ? 32 : 128)) return undefined
  if (lengthText.includes('.') && address.family !== 4) return undefined
  const prefix = Prefix.fromBits(address.bits, length)
  return { prefix, hadHostBits: prefix.bits !== address.bits }
}

/** The length behind a slash; behind a blank a number is no length. */
function lengthOf(text: string, whole: string): number | undefined {
  return whole.includes('/') && /^(0|[1-9][0-9]{0,2})$/.test(text) ? Number(text) : undefined
}

/** Every prefix in a cell that holds several, between blanks, commas, semicolons or bars; `undefined` when any part is none. */
export function readSeveral(text: string): LoosePrefix[] | undefined {
  const parts = text.split(/[\s,;|]+/).filter((part) => part !== '')
  const prefixes = parts.map(readLoosely)
  return parts.length > 0 && prefixes.every((prefix) => prefix !== undefined) ? prefixes : undefined
}
