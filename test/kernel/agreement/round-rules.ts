import { listenPort } from '../../../packages/cli/src/lab/watch.ts'
import { watchTable } from './gateway-text.ts'

interface RoundMarks {
  readonly zone: number
  readonly outerZone: number
  /** Packets of this round have ports from this one on. */
  readonly firstPort: number
}

/**
 * What a gateway does besides, unseen: it notes whatever comes in before any filter can drop it, forgets what it knew of connections (a zone
 * of connection tracking for each round, and one for what gateways send to each other as long as their tunnels stay), and drops what hosts
 * still send on connections of before, which could bring a tunnel up. It looks the zone up behind what filters do before connection
 * tracking, so that a packet is untracked for them.
 */
export function roundRules({ zone, outerZone, firstPort }: RoundMarks): string {
  const zones = `ip protocol esp ct zone set ${outerZone} accept
		udp sport { 500, 4500 } ct zone set ${outerZone} accept
		udp dport { 500, 4500 } ct zone set ${outerZone} accept
		ct zone set ${zone}`
  return `table inet ${watchTable} {
	chain entry {
		type filter hook prerouting priority -400; policy accept;
		tcp sport ${listenPort} tcp dport < ${firstPort} drop
		tcp dport ${listenPort} tcp sport < ${firstPort} drop
		ip protocol { tcp, udp } add @routed { ip saddr . ip daddr . meta l4proto . th sport . th dport }
		ip protocol icmp icmp type { echo-request, echo-reply } add @routed-icmp { ip saddr . ip daddr . icmp type . ip length }
	}
	chain zone-in {
		type filter hook prerouting priority -250; policy accept;
		${zones}
	}
	chain zone-out {
		type filter hook output priority -250; policy accept;
		${zones}
	}
}
`
}
