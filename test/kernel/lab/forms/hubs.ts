import type { LabPacket } from '../../../../packages/cli/src/lab/packets.ts'
import type { Written } from '../../../support/policies.ts'
import { agreeing } from './agreeing.ts'
import { expectAnswers, type Form, gateway, type Step } from './form.ts'
import { forget, leaving, mostlyPassing, opening, passing, remember } from './steps.ts'

const spokes = ['berlin', 'oslo', 'riga'] as const

function written(tunnel: object): Written {
  const sites = spokes.map((name, index) => {
    return [name, { subnets: ['192.168.1.0/24'], gateway: gateway(`192.0.2.2${index + 1}`) }] as const
  })
  return {
    pools: ['172.20.0.0/16'],
    sites: { hub: { subnets: ['10.10.0.0/24'], gateway: gateway('203.0.113.10') }, ...Object.fromEntries(sites) },
    tunnels: [...spokes.map((spoke) => ({ sites: ['hub', spoke], ...tunnel })), { sites: 'all', through: 'hub' }],
  }
}

/** What everybody calls the networks of the spokes, whose hosts are all 192.168.1.77. */
const visible = { berlin: '172.20.1.77', oslo: '172.20.2.77', riga: '172.20.3.77' } as const

function call(from: keyof typeof visible, to: keyof typeof visible): LabPacket {
  return { from: `${from}-host`, source: '192.168.1.77', destination: visible[to], protocol: 'udp' }
}

const fromHub: LabPacket = { from: 'hub-host', source: '10.10.0.77', destination: visible.berlin, protocol: 'udp' }
const toHub: LabPacket = { ...call('berlin', 'oslo'), destination: '10.10.0.77' }

const answered = [call('berlin', 'oslo'), call('oslo', 'berlin'), call('riga', 'berlin'), fromHub, toHub]

const holdingLeg: Step = {
  name: 'holds back what one leg would take, from either end, and the other spokes go on',
  async run(lab) {
    const ends = [lab.gateway('berlin'), lab.gateway('hub')]
    await forget(lab.gateway('berlin'))
    await forget(lab.gateway('hub'), 'berlin')
    await expectAnswers(lab, answered, false)
    await expectAnswers(lab, [call('oslo', 'riga'), call('riga', 'oslo')], true)
    await remember(ends)
    await expectAnswers(lab, answered, true)
  },
}

/** Three spokes that were set up from the same template, and a hub that forwards what they send each other. */
export const hubs: readonly Form[] = [
  {
    name: 'transit between spokes that translate themselves',
    written: written({}),
    answered,
    steps: [passing, agreeing, opening, holdingLeg],
  },
  {
    name: 'transit between spokes for which the hub translates',
    written: written({ translateAt: 'hub' }),
    answered,
    steps: [mostlyPassing, agreeing, holdingLeg, leaving],
  },
]
