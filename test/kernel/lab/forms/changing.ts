import type { Lab } from '../../../../packages/cli/src/lab/lab.ts'
import type { LabPacket } from '../../../../packages/cli/src/lab/packets.ts'
import { addGatewayAddress } from '../../../../packages/cli/src/lab/watch.ts'
import { agreeing } from './agreeing.ts'
import { expectAnswers, type Form, gateway, measure, type Step } from './form.ts'
import { holding, passing } from './steps.ts'

const subnets = ['10.0.1.0/24']

function behind(outside: object, identity: string) {
  return { ...gateway('192.168.99.2'), outside: { ...gateway('192.168.99.2').outside, ...outside }, identity }
}

function call(from: string, destination: string): LabPacket {
  return { from: `${from}-host`, source: '10.0.1.77', destination, protocol: 'udp' }
}

const fromShop = call('shop', '192.168.2.77')
const toShop = call('headquarters', '192.168.4.77')

const moving: Step = { name: 'comes back when the address has changed', run: moves }

/** A shop whose address changes, a kiosk behind a NAT that hands on nothing, a depot behind one that does; all are 10.0.1.0/24. */
export const changing: Form = {
  name: 'gateways whose addresses change, or that are behind NAT',
  written: {
    pools: ['192.168.0.0/16'],
    sites: {
      depot: { subnets, gateway: behind({ publicAddress: { host: 'depot.example.org' } }, 'depot.example.org') },
      headquarters: { subnets, gateway: gateway('203.0.113.10') },
      kiosk: { subnets, gateway: behind({ publicAddress: 'dynamic' }, 'kiosk.example.net') },
      shop: { subnets, gateway: { ...behind({ address: 'dynamic' }, 'shop.example.net') } },
    },
    tunnels: [
      { sites: ['headquarters', 'shop'] },
      { sites: ['headquarters', 'kiosk'], mode: 'route' },
      { sites: ['depot', 'kiosk'] },
    ],
  },
  answered: [fromShop, toShop, call('headquarters', '192.168.3.77'), call('depot', '192.168.3.77')],
  steps: [passing, agreeing, holding, moving],
}

/** The provider takes the address away, and gives another one when nobody has expected it any more. */
async function moves(lab: Lab): Promise<string> {
  const { gateways } = lab.topology
  const index = gateways.findIndex(({ site }) => site === 'shop')
  const [internet, shop] = [lab.machine('internet'), lab.gateway('shop')]
  const [before, after] = [gateways[index]?.address, '203.0.113.99']
  await addGatewayAddress(internet, after)
  await shop.ip([`address del ${before} peer 169.254.0.1/32 dev outside`])
  await expectAnswers(lab, [fromShop, toShop], false)
  await internet.ip([`route del ${before}/32`, `route add ${after}/32 dev gateway${index}`])
  await shop.ip([
    `address add ${after} peer 169.254.0.1/32 dev outside`,
    `route replace default via 169.254.0.1 dev outside src ${after}`,
  ])
  return measure(lab, [fromShop, toShop], 'changed address')
}
