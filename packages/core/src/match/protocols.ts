/** IP protocols by the names that configurations use (IANA protocol numbers; /etc/protocols). */
const numbers: ReadonlyMap<string, number> = new Map([
  ['icmp', 1],
  ['igmp', 2],
  ['ipip', 4],
  ['ipencap', 4],
  ['tcp', 6],
  ['egp', 8],
  ['igp', 9],
  ['udp', 17],
  ['dccp', 33],
  ['ipv6', 41],
  ['rsvp', 46],
  ['gre', 47],
  ['esp', 50],
  ['ipsec-esp', 50],
  ['ah', 51],
  ['ipsec-ah', 51],
  ['skip', 57],
  ['icmpv6', 58],
  ['ipv6-icmp', 58],
  ['eigrp', 88],
  ['ospf', 89],
  ['ax.25', 93],
  ['etherip', 97],
  ['encap', 98],
  ['pim', 103],
  ['ipcomp', 108],
  ['vrrp', 112],
  ['l2tp', 115],
  ['isis', 124],
  ['sctp', 132],
  ['fc', 133],
  ['udplite', 136],
  ['mpls-in-ip', 137],
])

/** The name that is shown for a number: the first of several. */
const names: ReadonlyMap<number, string> = new Map([...numbers].reverse().map(([name, number]) => [number, name]))

export const icmp = 1
export const tcp = 6
export const udp = 17
export const esp = 50
export const icmpv6 = 58

/** Those of a packet of which nothing else is said: HTTPS, from a port that clients choose. */
export const usualPorts = { source: 40_000, destination: 443 } as const

/** The protocols whose packets have ports. */
export const protocolsWithPorts: readonly number[] = [6, 17, 33, 132, 136]

/** `tcp`, `TCP`, `132`; `undefined` for a name that natplan does not know and for a number above 255. */
export function protocolNumber(text: string): number | undefined {
  if (/^\d{1,3}$/.test(text)) return Number(text) <= 255 ? Number(text) : undefined
  return numbers.get(text.toLowerCase())
}

/** The usual name, or the number where there is none. */
export function protocolName(number: number): string {
  return names.get(number) ?? String(number)
}

export const protocolNames: readonly string[] = [...numbers.keys()]
