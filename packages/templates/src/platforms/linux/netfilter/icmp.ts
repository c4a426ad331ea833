import { icmpCode, type PacketMatch, RangeSet } from '@natplan/core'
import { numberOf } from '../words.ts'

/** What rules may say of ICMP: types, and their codes. `undefined` for any. */
export interface IcmpWanted {
  readonly type: number | undefined
  readonly code: number | undefined
}

const icmpNumber: Readonly<Record<4 | 6, number>> = { 4: 1, 6: 58 }

/** Types by the names of nft and iptables (RFC 792, RFC 4443, RFC 4861). */
const types: Readonly<Record<4 | 6, Readonly<Record<string, number>>>> = {
  4: {
    'echo-reply': 0,
    pong: 0,
    'destination-unreachable': 3,
    'source-quench': 4,
    redirect: 5,
    'echo-request': 8,
    ping: 8,
    'router-advertisement': 9,
    'router-solicitation': 10,
    'time-exceeded': 11,
    'ttl-exceeded': 11,
    'parameter-problem': 12,
    'timestamp-request': 13,
    'timestamp-reply': 14,
    'info-request': 15,
    'info-reply': 16,
    'address-mask-request': 17,
    'address-mask-reply': 18,
  },
  6: {
    'destination-unreachable': 1,
    'packet-too-big': 2,
    'time-exceeded': 3,
    'ttl-exceeded': 3,
    'parameter-problem': 4,
    'echo-request': 128,
    ping: 128,
    'echo-reply': 129,
    pong: 129,
    'mld-listener-query': 130,
    'mld-listener-report': 131,
    'mld-listener-done': 132,
    'mld-listener-reduction': 132,
    'nd-router-solicit': 133,
    'router-solicitation': 133,
    'nd-router-advert': 134,
    'router-advertisement': 134,
    'nd-neighbor-solicit': 135,
    'neighbour-solicitation': 135,
    'neighbor-solicitation': 135,
    'nd-neighbor-advert': 136,
    'neighbour-advertisement': 136,
    'neighbor-advertisement': 136,
    'nd-redirect': 137,
    redirect: 137,
    'router-renumbering': 138,
    'ind-neighbor-solicit': 141,
    'ind-neighbor-advert': 142,
    'mld2-listener-report': 143,
  },
}

/** Codes of unreachable and its like, by the names of iptables: no such packet opens a connection, nor answers one, nor is about its size. */
const withCode: Readonly<Record<4 | 6, readonly [type: number, names: RegExp]>> = {
  4: [
    3,
    /^((network|host|protocol|port|TOS-(network|host))-(unreachable|unknown|prohibited)|source-route-failed|communication-prohibited|host-precedence-violation|precedence-cutoff)$/,
  ],
  6: [
    1,
    /^(no-route|communication-prohibited|beyond-scope|address-unreachable|port-unreachable|failed-policy|reject-route)$/,
  ],
}

/** `8`, `8/0`, `echo-request`, `any`. */
export function icmpOf(text: string, family: 4 | 6): IcmpWanted | undefined {
  if (text === 'any' || (family === 4 && text === '255')) return { type: undefined, code: undefined }
  const [name = '', code] = text.split('/')
  const type = numberOf(name, 255) ?? (Object.hasOwn(types[family], name) ? types[family][name] : undefined)
  if (type !== undefined) return { type, code: code === undefined ? undefined : numberOf(code, 255) }
  if (family === 4 && text === 'fragmentation-needed') return { type: 3, code: 4 }
  return withCode[family][1].test(text) ? { type: withCode[family][0], code: notFollowed } : undefined
}

/** Some code that natplan follows no packet with. */
const notFollowed = 1

/** Packets with one of these types, or with none of them. */
export function icmpMatch(wanted: readonly IcmpWanted[], family: 4 | 6, isNegated = false): PacketMatch {
  const protocol = RangeSet.ofValues([icmpNumber[family]])
  if (wanted.some(({ type }) => type === undefined)) return isNegated ? { protocol: RangeSet.empty } : { protocol }
  const asked = wanted.filter(
    ({ type, code }) => type !== undefined && (code === undefined || code === icmpCode(type, family)),
  )
  const set = RangeSet.ofValues(asked.flatMap(({ type }) => type ?? []))
  const icmpType = isNegated ? set.complementIn(everyType) : set
  return { protocol, icmpType }
}

const everyType = { first: 0, last: 255 }

/** Names that nft gives to code 0, which is that of an echo, and to the one that says that a packet was too large. */
const followedCodes: Readonly<Record<0 | 4, RegExp>> = {
  0: /^(0|0x0|0-\d+|net-unreachable|no-route)$/,
  4: /^(4|0x4|[0-4]-([4-9]|\d\d+)|frag-needed)$/,
}

/** Packets with one of these codes, or with none of them. */
export function icmpCodeMatch(names: readonly string[], family: 4 | 6, isNegated: boolean): PacketMatch {
  const isMet = (code: 0 | 4) => names.some((name) => followedCodes[code].test(name)) !== isNegated
  const types = RangeSet.ofValues(
    Array.from({ length: 256 }, (_, type) => type).filter((type) => isMet(icmpCode(type, family) === 4 ? 4 : 0)),
  )
  if (types.isEmpty) return { protocol: RangeSet.empty }
  const protocol = RangeSet.ofValues([icmpNumber[family]])
  return types.covers(everyType) ? { protocol } : { protocol, icmpType: types }
}
