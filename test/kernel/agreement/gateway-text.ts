import type { Machine } from '../../../packages/cli/src/lab/machine.ts'
import type { GatewayState } from './network.ts'

/** The commands that a person runs on a gateway; only the table by which the laboratory watches is left out. */
const show = `
ip address
for name in $(ip -oneline link show type xfrm | sed -n 's/^[0-9]*: \\([^:@]*\\).*/\\1/p'); do ip -details link show dev "$name"; done
ip route show table all
ip rule
nft list tables | while read -r word family name; do
  if [ "$name" != natplan-lab ]; then nft list table "$family" "$name"; fi
done
`

/** Everything of a gateway that natplan is given. Of a strongSwan that does not run nobody sees connections. */
export async function gatewayText(machine: Machine, { strongswan }: GatewayState): Promise<string> {
  const shown = await machine.run(['sh', '-euc', show])
  return strongswan === 'running' ? `${shown}${machine.readText('/etc/swanctl/swanctl.conf') ?? ''}` : shown
}
