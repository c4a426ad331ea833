import { type Accept, acceptText, ownDescription, protocolName } from '@natplan/core'
import type { AcceptLines } from '../../platform.ts'

/**
 * The commands that put accepts in front of everything else in the chains that need them: `nft insert` and `iptables -I` do. They hold until
 * the rules are loaded anew, so they belong into the file that does that as well. nft gets its command as one word: a shell would take the
 * quotes off a comment, and nft none without them.
 */
export function acceptLines(accepts: readonly Accept[]): AcceptLines[] {
  return accepts.map((accept) => {
    const [family = '', table = '', chain = ''] = accept.set.written?.path ?? []
    if (chain === '') return { accept, lines: [`# accept by hand in ${accept.set.name}: ${acceptText(accept).trim()}`] }
    const isOld = family === 'iptables' || family === 'ip6tables'
    const line = isOld
      ? `${family} -t ${table} -I ${chain} 1 ${iptablesMatch(accept)} -j ACCEPT`
      : `nft 'insert rule ${family} ${table} ${chain} ${nftMatch(accept)} accept comment "${commentOf(accept)}"'`
    return { accept, lines: [line.replaceAll('  ', ' ')] }
  })
}

function commentOf({ source, destination, protocol, ports }: Accept): string {
  if (protocol !== undefined)
    return `${ownDescription}${ports.length > 0 ? 'IKE' : protocolName(protocol).toUpperCase()}`
  const ends = [source && `from ${source}`, destination && `to ${destination}`].filter((part) => part !== undefined)
  return `${ownDescription}${ends.join(' ')}`
}

function nftMatch({ source, destination, protocol, ports, arrived }: Accept): string {
  const family = (source ?? destination)?.family === 6 ? 'ip6' : 'ip'
  return [
    ...(arrived?.kind === 'interface' ? [`iifname "${arrived.name}"`] : []),
    ...(source ? [`${family} saddr ${source}`] : []),
    ...(destination ? [`${family} daddr ${destination}`] : []),
    ...(ports.length > 0 ? [`udp dport { ${ports.join(', ')} }`] : []),
    ...(protocol !== undefined && ports.length === 0 ? [`meta l4proto ${protocolName(protocol)}`] : []),
    ...(arrived?.kind === 'encrypted' ? ['meta ipsec exists'] : []),
  ].join(' ')
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
