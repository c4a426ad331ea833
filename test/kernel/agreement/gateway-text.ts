import type { Machine } from '../../../packages/cli/src/lab/machine.ts'
import type { GatewayState } from './network.ts'
import { writtenTable } from './written-filters.ts'

/** The commands that a person runs on a gateway, in few processes, for each takes its time. */
const show = `
printf '%s\\n' 'address show' 'route show table all' 'rule show' | ip -batch -
if [ "$0" = virtual ]; then for kind in xfrm vrf veth; do ip -details link show type $kind; done; fi
nft list ruleset
`

/** The table by which the laboratory watches. */
export const watchTable = 'natplan-lab'

/** Everything of a gateway that natplan is given. Of a strongSwan that does not run nobody sees connections. */
export async function gatewayText(machine: Machine, { strongswan, addresses, written }: GatewayState): Promise<string> {
  const kind = addresses.some((line) => line.includes('type xfrm')) ? 'virtual' : 'plain'
  const shown = await machine.run(['sh', '-euc', show, kind])
  const files = strongswan === 'running' ? ['/etc/strongswan.conf', '/etc/swanctl/swanctl.conf'] : []
  const saved = written?.language === 'iptables' ? written.text : ''
  const rest = [`inet ${watchTable}`, writtenTable].reduce(withoutTable, shown)
  return [rest, saved, ...files.map((file) => machine.readText(file) ?? '')].join('')
}

/** What nft shows, without one of its tables. */
export function withoutTable(text: string, name: string): string {
  return text.replace(new RegExp(`^table ${name} \\{\\n[\\s\\S]*?^\\}\\n`, 'm'), '')
}
