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

/** Reports whether a text is an address without a length, and no netmask. */
export function isBareAddress(text: string): boolean {
  return Address.tryParse(text) !== undefined && lengthOfNetmask(text) === undefined
}

/** The length behind a slash; behind a blank a number is no length. */
function lengthOf(text: string, whole: string): number | undefined {
  return whole.includes('/') && /^(0|[1-9][0-9]{0,2})$/.test(text) ? Number(text) : undefined
}

/**
 * Every prefix in a cell that holds several, or ranges such as `10.0.0.0-10.0.0.255`, between blanks, commas, semicolons, bars, `+` or `&`;
 * `undefined` when any part is none.
 */
export function readSeveral(text: string): LoosePrefix[] | undefined {
  const parts = partsOf(text)
  const prefixes = parts.flatMap((part) => readRange(part) ?? [readLoosely(part)])
  return parts.length > 0 && prefixes.every((prefix) => prefix !== undefined) ? prefixes : undefined
}

/** What stands in a cell between blanks, commas, semicolons and bars; a range is one. */
export function partsOf(text: string): string[] {
  return text
    .replace(aroundRange, '$1-')
    .replace(/\s*\/\s*(?=\d)/g, '/')
    .split(/[,;|+&\r\n]+/)
    .flatMap((part) => (readLoosely(part.trim()) ? [part.trim()] : part.split(/\s+/)))
    .filter((part) => part !== '')
}

/** What stands between two addresses of a range, and the first of them. */
const aroundRange = /([0-9A-Fa-f]+[.:][0-9A-Fa-f.:]*)\s*(?:[-–—]|\bto\b|\.\.)\s*(?=[0-9A-Fa-f:])/gi

/** The blocks of a range of addresses; of `10.0.0.1-20` the last address shares the first three octets. */
export function readRange(text: string): LoosePrefix[] | undefined {
  const [first, last, ...more] = text.split('-')
  if (first === undefined || last === undefined || more.length > 0) return undefined
  const from = Address.tryParse(first)
  const to = from && Address.tryParse(/^[0-9]{1,3}$/.test(last) ? first.replace(/[0-9]+$/, last) : last)
  if (!from || !to || from.family !== to.family || from.bits > to.bits) return undefined
  return blocksBetween(from, to).map((prefix) => ({ prefix, hadHostBits: false }))
}

function blocksBetween(from: Address, to: Address): Prefix[] {
  const longest = from.family === 4 ? 32 : 128
  const blocks: Prefix[] = []
  const end = BigInt(to.bits)
  for (let at = BigInt(from.bits); at <= end; ) {
    let size = 1n
    let length = longest
    while (length > 0 && at % (2n * size) === 0n && at + 2n * size - 1n <= end) {
      size *= 2n
      length--
    }
    blocks.push(Prefix.fromBits(from.family === 4 ? Number(at) : at, length))
    at += size
  }
  return blocks
}
