import type { FirewallForm } from '../../firewall-texts.ts'
import { acceptLines, removeLines } from './accept-lines.ts'

/** Chains of nftables. Commands put the same rules in again, so those of before go first. */
export const firewallForm: FirewallForm = {
  writtenPath: (name, family) => (name.startsWith(family === 4 ? 'ip6 ' : 'ip ') ? 'other' : name.split(' ')),
  usual: [
    { role: 'fromPeers', name: 'inet filter forward', first: 0 },
    { role: 'toPeers', name: 'inet filter forward', first: 0 },
    { role: 'gatewayIn', name: 'inet filter input', first: 0 },
  ],
  acceptLines,
  removeLines,
  replaces: true,
}
