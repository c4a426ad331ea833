import { Address, type PacketMatch, Prefix, protocolNumber, RangeSet } from '@natplan/core'
import { portRange, prefixOf } from '../words.ts'

/** One traffic selector (swanctl.conf(5), `local_ts`). */
export interface TrafficSelector {
  /** `dynamic`: the address of the end itself, or one out of a pool. */
  readonly prefixes: readonly Prefix[] | 'dynamic'
  readonly protocol: number | undefined
  readonly port: number | undefined
}

/** `10.1.0.0/16`, `10.1.0.1-10.1.0.9`, `dynamic`, each with `[tcp/80]` behind it; `undefined` for anything else. */
export function tryParseSelector(text: string): TrafficSelector | undefined {
  const [, where = '', , inner] = /^([^[\]]*)(\[([^[\]]*)\])?$/.exec(text) ?? []
  const prefixes = prefixesOf(where.trim())
  if (!prefixes) return undefined
  if (inner === undefined) return { prefixes, protocol: undefined, port: undefined }
  const [name = '', written, ...more] = inner.split('/')
  const protocol = name === 'any' || name === '' || name === '0' ? undefined : protocolNumber(name)
  const isAny = name === 'any' || name === '' || name === '0'
  const port = written === undefined || written === 'any' || written === '' ? undefined : portRange(written)
  const isKnownPort = written === undefined || written === 'any' || written === '' || (port && port.first === port.last)
  // The kernel takes no ranges, and of ICMP the "port" is a type.
  if (more.length > 0 || (!isAny && protocol === undefined) || !isKnownPort) return undefined
  if (port && (protocol === undefined || protocol === 1 || protocol === 58)) return undefined
  return { prefixes, protocol, port: port?.first }
}

function prefixesOf(text: string): readonly Prefix[] | 'dynamic' | undefined {
  if (text === 'dynamic' || text === '%dynamic') return 'dynamic'
  const [from = '', to, ...more] = text.split('-')
  if (to === undefined) {
    const prefix = prefixOf(text)
    return prefix && [prefix]
  }
  const [first, last] = [Address.tryParse(from.trim()), Address.tryParse(to.trim())]
  const isRange = first && last && more.length === 0 && first.family === last.family && first.bits <= last.bits
  return isRange ? blocksOf(first, last) : undefined
}

/** The fewest blocks that hold a range: the kernel's policies have prefixes only. */
function blocksOf(first: Address, last: Address): Prefix[] {
  const longest = first.family === 4 ? 32 : 128
  const blocks: Prefix[] = []
  let next: Address | undefined = first
  while (next && next.bits <= last.bits) {
    let block = Prefix.of(next)
    for (let length = longest - 1; length >= 0; length--) {
      const wider = Prefix.fromBits(next.bits, length)
      if (!wider.first.equals(next) || wider.lastBits > last.bits) break
      block = wider
    }
    blocks.push(block)
    next = block.lastBits >= last.bits ? undefined : behind(block)
  }
  return blocks
}

function behind({ lastBits }: Prefix): Address {
  return Address.fromBits(typeof lastBits === 'bigint' ? lastBits + 1n : lastBits + 1)
}

/** What a pair of selectors carries, seen from this device; `undefined` when the two name different protocols. */
export function onlyOf(
  local: TrafficSelector,
  remote: TrafficSelector,
): Pick<PacketMatch, 'protocol' | 'sourcePort' | 'destinationPort'> | undefined {
  const { protocol = remote.protocol } = local
  if (local.protocol !== undefined && remote.protocol !== undefined && local.protocol !== remote.protocol)
    return undefined
  return {
    ...(protocol === undefined ? {} : { protocol: RangeSet.ofValues([protocol]) }),
    ...(local.port === undefined ? {} : { sourcePort: RangeSet.ofValues([local.port]) }),
    ...(remote.port === undefined ? {} : { destinationPort: RangeSet.ofValues([remote.port]) }),
  }
}
