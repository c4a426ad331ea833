import { type Accept, ownDescription, type Prefix, type PrefixGroup, protocolName } from '@natplan/core'
import { byHand, purposeOf } from '../../accept-words.ts'
import { endWords } from '../../filter-words.ts'
import type { AcceptLines } from '../../platform.ts'
import { visible } from '../../visible.ts'

/** What a shell takes as it stands: names come out of texts of others. */
const plainName = /^[\w.@:+-]+$/

/**
 * The commands that put accepts in front of everything else in the chains that need them: `nft insert` and `iptables -I` do. They hold until
 * the rules are loaded anew, so they belong into the file that does that as well. A shell would take the quotes off a
 * comment, and nft takes none without them.
 */
export function acceptLines(accepts: readonly Accept[]): AcceptLines[] {
  return accepts.map((accept) => {
    const [family = '', table = '', chain = ''] = accept.set.written?.path ?? []
    const names = [family, table, chain, accept.arrived?.kind === 'interface' ? accept.arrived.name : 'eth0']
    if (!names.every((name) => plainName.test(name)))
      return { accept, lines: [byHand(accept, `${accept.set.name} has a name that natplan does not write`)] }
    const isOld = family === 'iptables' || family === 'ip6tables'
    const line = isOld
      ? `${family} -t ${table} -I ${chain} 1 ${iptablesMatch(accept)} -j ACCEPT`
      : `nft insert rule ${family} ${table} ${chain} ${nftMatch(accept)} accept comment '"${commentOf(accept)}"'`
    return { accept, lines: [line.replaceAll('  ', ' ')] }
  })
}

export function commentOf(accept: Accept): string {
  return `${ownDescription}${purposeOf(accept)}`
}

function nftMatch(accept: Accept): string {
  const { protocol, ports, arrived } = accept
  const [from, to] = [nftSet(accept.source, accept.sources), nftSet(accept.destination, accept.destinations)]
  const first = accept.source ?? accept.destination ?? (accept.sources ?? accept.destinations)?.prefixes[0]
  const family = first?.family === 6 ? 'ip6' : 'ip'
  return [
    ...(arrived?.kind === 'interface' ? [`iifname "${arrived.name}"`] : []),
    ...(from ? [`${family} saddr ${from}`] : []),
    ...(to ? [`${family} daddr ${to}`] : []),
    ...(ports.length > 0 ? [`udp dport { ${ports.join(', ')} }`] : []),
    ...(protocol !== undefined && ports.length === 0 ? [`meta l4proto ${protocolName(protocol)}`] : []),
    ...(arrived?.kind === 'encrypted' ? ['meta ipsec exists'] : []),
  ].join(' ')
}

function nftSet(one: Prefix | undefined, group: PrefixGroup | undefined): string | undefined {
  if (!group) return one && String(one)
  const members = group.prefixes.map(endWords)
  return members.length === 1 ? members[0] : `{ ${members.join(', ')} }`
}

function iptablesMatch(accept: Accept): string {
  const { source, destination, protocol, ports, arrived } = accept
  return [
    ...(arrived?.kind === 'interface' ? [`-i ${arrived.name}`] : []),
    ...(source ? [`-s ${source}`] : []),
    ...(destination ? [`-d ${destination}`] : []),
    ...(protocol === undefined ? [] : [`-p ${protocolName(protocol)}`]),
    ...(ports.length > 0 ? [`-m multiport --dports ${ports.join(',')}`] : []),
    ...(arrived?.kind === 'encrypted' ? ['-m policy --dir in --pol ipsec'] : []),
    `-m comment --comment "${commentOf(accept)}"`,
  ].join(' ')
}

/** What takes natplan's rules out of the chains that accepts belong into. */
export function removeLines(accepts: readonly Accept[]): string[] {
  const chains = accepts.flatMap(({ set }) => (set.written ? [set.written.path.join(' ')] : []))
  return [...new Set(chains)].map(removeLine)
}

/** All at once, by the handles that nft shows. `chain` comes out of texts of others: its family, its table and its name. */
export function removeLine(chain: string): string {
  const names = chain.split(' ')
  if (names.length !== 3 || !names.every((name) => plainName.test(name)))
    return visible(`# take natplan's rules out by hand: ${chain} has a name that natplan does not write`)
  const deletion = `s/.* comment "${ownDescription}.*# handle \\([0-9]*\\)$/delete rule ${chain} handle \\1/p`
  return `nft -a list chain ${chain} 2>/dev/null | sed -n '${deletion}' | nft -f -`
}
