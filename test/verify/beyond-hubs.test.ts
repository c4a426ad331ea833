import { normalize, planNetwork, verify, worldOfDevices } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import type { Written } from '../support/policies.ts'
import { surroundingsOf } from '../support/surroundings.ts'
import { sourceOf, textsOf } from './configurations.ts'

type Site = Written['sites'][string]

function site(host: number, subnet: string): Site {
  const outside = { interface: 'eth1', address: `203.0.113.${host}` }
  const uplinks = { lte: { interface: 'eth2', address: `192.0.2.${host}`, nextHop: '192.0.2.254' } }
  return { subnets: [subnet], gateway: { platform: 'vyos-1.4', outside, uplinks, inside: { interface: 'eth0' } } }
}

/** Two spokes with the same network; the one's tunnel takes everything, and has a second one behind it. */
const written: Written = {
  pools: ['192.168.0.0/16'],
  sites: { hub: site(11, '10.20.0.0/24'), a: site(12, '10.0.0.0/24'), b: site(13, '10.0.0.0/24') },
  tunnels: [
    { sites: ['hub', 'a'], mode: 'route' },
    { sites: ['hub', 'a'], mode: 'route', uplinks: { hub: 'lte', a: 'lte' } },
    { sites: ['hub', 'b'] },
    { sites: ['a', 'b'], through: 'hub' },
  ],
}

/** What is said of the texts alone, when spoke a has lost the lines that match. */
function saidWithout(...lost: readonly RegExp[]) {
  const network = normalize({ version: 1, ...written, tunnels: [...(written.tunnels ?? [])] }).value
  const plan = network && planNetwork(network).plan
  if (!plan) throw new Error('no plan')
  const { texts, policies } = textsOf(plan)
  const sources = policies.map(({ site: name, platform }) => {
    const { gateway, subnets } = plan.network.sites.get(name) ?? {}
    const lines = (texts.get(name) ?? '').split('\n')
    const kept = name === 'a' ? lines.filter((line) => !lost.some((one) => one.test(line))) : lines
    const around = gateway && subnets ? surroundingsOf(gateway, subnets) : ''
    return sourceOf(name, { platform, text: `${kept.join('\n')}\n${around}` })
  })
  const { result, findings } = verify(worldOfDevices(sources).world)
  return { result, codes: findings.filter(({ severity }) => severity !== 'note').map(({ code }) => code) }
}

/** The numbers of the rules of spoke a towards spoke b on an interface. */
const towardsSpoke = { first: 1010, second: 1030 }

describe('from texts alone, what a hub hands on out of a tunnel that takes everything', () => {
  it('is proven when all of it arrives', () => {
    expect(saidWithout()).toEqual({ result: 'proven', codes: [] })
  })

  it('is asked about: a spoke that calls the other spoke without its rules', () => {
    const said = saidWithout(new RegExp(`nat (source|destination) rule ${towardsSpoke.first} `))
    expect(said.result).toBe('fault')
    expect(said.codes.some((code) => code.startsWith('FLOW_'))).toBe(true)
  })

  it('is asked about over the second tunnel as well', () => {
    const said = saidWithout(new RegExp(`nat (source|destination) rule ${towardsSpoke.second} `))
    expect(said).toEqual({ result: 'fault', codes: ['FAILOVER_UNSAFE'] })
  })

  it('is asked about for those that call the spoke over its second tunnel', () => {
    expect(saidWithout(new RegExp(`nat destination rule ${towardsSpoke.second} `)).result).toBe('fault')
  })
})
