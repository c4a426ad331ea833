import type { LabPacket } from '../../../../packages/cli/src/lab/packets.ts'
import { agreeing } from './agreeing.ts'
import { type Form, gateway } from './form.ts'
import { holding, opening, passing } from './steps.ts'

const hidden = '203.0.113.65'

/** Of three subnets two share an address, and the third has a few; the partner uses the addresses of the first. */
export const hiding: Form = {
  name: 'subnets that hide behind one address and behind a few',
  written: {
    own: ['203.0.113.64/28'],
    pools: ['192.168.0.0/16'],
    sites: {
      branch: {
        subnets: [
          {
            prefix: '10.20.0.0/16',
            hideBehind: hidden,
            forwards: [
              { port: 443, to: '10.20.0.10' },
              { port: 2222, to: '10.20.0.11', toPort: 22 },
              { port: 5353, to: '10.20.0.10', protocol: 'udp' },
            ],
          },
          { prefix: '10.21.0.0/24', hideBehind: hidden },
          { prefix: '10.22.0.0/24', hideBehind: '203.0.113.68/30' },
        ],
        gateway: gateway('198.51.100.7'),
      },
      partner: { subnets: ['10.20.0.0/16'], gateway: gateway('198.51.100.99') },
    },
    tunnels: [{ sites: ['branch', 'partner'] }],
  },
  answered: [
    callFrom('branch-host1', '10.20.0.77'),
    { from: 'partner-host', source: '10.20.0.77', destination: hidden, protocol: 'tcp', port: 443 },
    callFrom('branch-host2', '10.21.0.77'),
    callFrom('branch-host3', '10.22.0.77'),
  ],
  steps: [passing, agreeing, opening, holding],
}

function callFrom(from: string, source: string): LabPacket {
  return { from, source, destination: '192.168.0.77', protocol: 'udp' }
}
