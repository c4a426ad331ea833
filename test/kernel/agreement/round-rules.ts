import { listenPort } from '../../../packages/cli/src/lab/watch.ts'
import { watchTable } from './gateway-text.ts'

/**
 * What a gateway does besides, unseen: it notes whatever comes in before any filter can drop it, forgets what it knew of connections (a zone
 * of connection tracking for each network that is laid), and drops what hosts still send on connections of before, which could bring a
 * tunnel up. It looks the zone up behind what filters do before connection tracking, so that a packet is untracked for them.
 */
export function roundRules({ zone, firstPort }: { readonly zone: number; readonly firstPort: number }): string {
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
		ct zone set ${zone}
	}
	chain zone-out {
		type filter hook output priority -250; policy accept;
		ct zone set ${zone}
	}
}
`
}
