import type { Lab } from '../../../../packages/cli/src/lab/lab.ts'
import type { LabPacket } from '../../../../packages/cli/src/lab/packets.ts'
import type { Written } from '../../../support/policies.ts'
import { agreeing } from './agreeing.ts'
import { type Form, gateway, measure, type Step } from './form.ts'
import { holding, leaving, made, passing } from './steps.ts'

const cloud = { subnets: ['10.0.1.0/27'], gateway: gateway('203.0.113.10') }
const onpremise = { subnets: ['10.0.1.0/24', '10.50.0.0/16'], gateway: gateway('192.0.2.20') }

function written(tunnel: object): Written {
  return {
    pools: ['192.168.0.0/16'],
    sites: { cloud, onpremise },
    tunnels: [{ sites: ['cloud', 'onpremise'], ...tunnel }],
  }
}

const call = { protocol: 'udp' } as const
const there: LabPacket = { ...call, from: 'cloud-host', source: '10.0.1.5', destination: '192.168.1.5' }
const back: LabPacket = { ...call, from: 'onpremise-host1', source: '10.0.1.5', destination: '192.168.2.5' }

/** Hosts of the peer that are called like the gateway itself, like its network and like its broadcast address. */
const strange: readonly LabPacket[] = ['10.0.1.30', '10.0.1.0', '10.0.1.31'].flatMap((address) => [
  { ...back, source: address },
  { ...there, destination: address.replace('10.0.1', '192.168.1') },
])

const steps = [passing, made, holding, leaving]
const switching: Step = { name: 'goes on when the first uplink is gone, and when it is back', run: switchesOver }

/** Two sites, joined by one tunnel or by two that take over from each other. */
export const pairs: readonly Form[] = [
  {
    name: 'a route-based tunnel that takes everything',
    written: written({ mode: 'route' }),
    answered: [there, back],
    steps,
  },
  {
    name: 'a route-based tunnel with selectors and addresses of its link',
    written: written({ mode: 'route', selectors: 'narrow', link: '169.254.10.0/30' }),
    answered: [there, back],
    steps,
  },
  {
    name: 'all translation at one gateway',
    written: written({ translateAt: 'cloud' }),
    answered: [there, back, ...strange],
    steps: [passing, agreeing, made, holding, leaving],
  },
  {
    name: 'two route-based tunnels over different uplinks',
    written: withUplinks(),
    answered: [there, back],
    steps: [passing, agreeing, made, holding, switching, leaving],
  },
]

function withUplinks(): Written {
  const uplink = (address: string, nextHop: string) => ({ lte: { interface: 'eth2', address, nextHop } })
  const at = (site: Written['sites'][string], address: string, nextHop: string) => {
    const { subnets, gateway } = site
    return { subnets, ...(gateway ? { gateway: { ...gateway, uplinks: uplink(address, nextHop) } } : {}) }
  }
  const tunnel = { sites: ['cloud', 'onpremise'], mode: 'route' as const }
  const deadPeerDetection = { interval: 2, timeout: 10 }
  return {
    pools: ['192.168.0.0/16'],
    sites: {
      cloud: at(cloud, '198.51.100.10', '198.51.100.9'),
      onpremise: at(onpremise, '198.51.100.130', '198.51.100.129'),
    },
    tunnels: [
      { ...tunnel, deadPeerDetection },
      { ...tunnel, deadPeerDetection, uplinks: { cloud: 'lte', onpremise: 'lte' } },
    ],
  }
}

async function switchesOver(lab: Lab, { answered }: Form): Promise<string> {
  const internet = lab.machine('internet')
  await internet.ip(['link set gateway0 down'])
  const over = await measure(lab, answered, 'first uplink down')
  await internet.ip(['link set gateway0 up', 'route replace 203.0.113.10/32 dev gateway0'])
  return `${over}; ${await measure(lab, answered, 'up again')}`
}
