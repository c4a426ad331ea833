import { type PacketMatch, RangeSet, type TcpFlag, wordTable } from '@natplan/core'

/** One bit for each flag, as the header of TCP has them (RFC 9293, section 3.1). */
export type FlagBits = number

const flags: readonly TcpFlag[] = ['fin', 'syn', 'rst', 'psh', 'ack', 'urg', 'ece', 'cwr']
/** nft calls ECE by another name. */
const otherNames: Readonly<Record<string, TcpFlag>> = wordTable({ ecn: 'ece' })

export const everyFlag: FlagBits = 0xff

/** The bit of a flag, or a number; `undefined` for any other word. */
function flagBit(word: string): FlagBits | undefined {
  const name = word.toLowerCase()
  const at = flags.indexOf(otherNames[name] ?? (name as TcpFlag))
  if (at >= 0) return 1 << at
  return /^(0x[0-9a-f]{1,4}|\d{1,3})$/.test(name) && Number(name) <= everyFlag ? Number(name) : undefined
}

/** Bits of several words together; `undefined` when one of them is not known. */
export function flagBits(words: readonly string[]): FlagBits | undefined {
  let all = 0
  for (const word of words) {
    const bit = flagBit(word)
    if (bit === undefined) return undefined
    all |= bit
  }
  return all
}

/** TCP packets whose flags under a mask are just these: one of the matches must hold. */
export function flagsEqual(mask: FlagBits, value: FlagBits): PacketMatch[] {
  if ((value & ~mask) !== 0) return []
  return [matchOf(named(value), named(mask & ~value))]
}

/** TCP packets whose flags under a mask are any but these. */
export function flagsDiffer(mask: FlagBits, value: FlagBits): PacketMatch[] {
  if ((value & ~mask) !== 0) return [matchOf([], [])]
  return named(mask).map((flag) => (named(value).includes(flag) ? matchOf([], [flag]) : matchOf([flag], [])))
}

/** TCP packets that have at least one of them. */
export function someFlag(value: FlagBits): PacketMatch[] {
  return named(value).map((flag) => matchOf([flag], []))
}

function named(bits: FlagBits): TcpFlag[] {
  return flags.filter((_, at) => (bits & (1 << at)) !== 0)
}

function matchOf(set: readonly TcpFlag[], clear: readonly TcpFlag[]): PacketMatch {
  const protocol = RangeSet.ofValues([6])
  return set.length + clear.length === 0 ? { protocol } : { protocol, tcpFlags: { set, clear } }
}
