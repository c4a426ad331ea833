import type { Address } from './address.ts'
import { Prefix } from './prefix.ts'
import { PrefixSet } from './prefix-set.ts'

/** A block with a meaning of its own, and where that is laid down. */
export interface KnownRange {
  readonly prefix: Prefix
  readonly name: string
  readonly source: string
}

function known(prefix: string, name: string, source: string): KnownRange {
  return { prefix: Prefix.parse(prefix), name, source }
}

/** Blocks that translated prefixes may come from. */
export const privateRanges: readonly KnownRange[] = [
  known('10.0.0.0/8', 'private', 'RFC 1918'),
  known('172.16.0.0/12', 'private', 'RFC 1918'),
  known('192.168.0.0/16', 'private', 'RFC 1918'),
  known('100.64.0.0/10', 'shared address space', 'RFC 6598'),
  known('198.18.0.0/15', 'benchmarking', 'RFC 2544'),
]

const linkLocal = 'link-local'

/** Blocks that no network can have as a subnet (IANA special-purpose registries, RFC 6890). */
export const specialPurposeRanges: readonly KnownRange[] = [
  known('0.0.0.0/8', 'this network', 'RFC 791'),
  known('127.0.0.0/8', 'loopback', 'RFC 1122'),
  known('169.254.0.0/16', linkLocal, 'RFC 3927'),
  known('224.0.0.0/4', 'multicast', 'RFC 5771'),
  known('240.0.0.0/4', 'reserved', 'RFC 1112'),
  known('::/128', 'unspecified', 'RFC 4291'),
  known('::1/128', 'loopback', 'RFC 4291'),
  known('::ffff:0:0/96', 'IPv4-mapped', 'RFC 4291'),
  known('fe80::/10', linkLocal, 'RFC 4291'),
  known('ff00::/8', 'multicast', 'RFC 4291'),
]

const specialSpace = PrefixSet.of(specialPurposeRanges.map(({ prefix }) => prefix))

/** The special-purpose block that shares addresses with a prefix, if there is one. */
export function specialPurposeOf(prefix: Prefix): KnownRange | undefined {
  if (!specialSpace.overlaps(prefix)) return undefined
  return specialPurposeRanges.find((range) => range.prefix.overlaps(prefix))
}

/** The private block that contains a prefix, if there is one. */
export function privateRangeOf(prefix: Prefix): KnownRange | undefined {
  return privateRanges.find((range) => range.prefix.contains(prefix))
}

/** Blocks that networks use among themselves and that nobody reaches from the internet, beside the private ones. */
const internalRanges: readonly KnownRange[] = [
  ...privateRanges,
  ...specialPurposeRanges.filter(({ name }) => name === linkLocal),
  known('fc00::/7', 'unique local', 'RFC 4193'),
]

/** The block that says that no host can have this address, if there is one; link-local addresses belong to hosts. */
export function noHostOf(address: Address): KnownRange | undefined {
  return specialPurposeRanges.find(({ prefix, name }) => name !== linkLocal && prefix.contains(address))
}

/** Reports whether an address belongs to networks of somebody's own, so that the internet has no way to it. */
export function isInternal(address: Address): boolean {
  return internalRanges.some(({ prefix }) => prefix.contains(address))
}
