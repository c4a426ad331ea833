import { describe, expect, it } from 'vitest'
import type { Imported } from './imported.ts'
import { intoPlan } from './into-plan.ts'
import { tunnelKey } from './tunnel-key.ts'

const plan = `# Our sites
version: 1
defaults: { gateway: { inside: { interface: eth1 } } }

sites:
  # the hub
  hub:
    subnets: [10.9.0.0/24]  # offices

  a:
    subnets:
      - { prefix: 10.0.0.0/24, name: warehouse }
      - 10.0.7.0/24
    gateway: { platform: vyos-1.4, outside: { address: 203.0.113.1 } }

tunnels:
  - sites: [hub, a] # the first one
    proposal: modern
`

function imported(network: Imported['network'], reasons: Imported['reasons'] = []): Imported {
  return { network, reasons, leftOut: [], findings: [] }
}

const nothing = { sites: new Set<string>(), tunnels: new Set<string>() }

function added(network: Imported['network'], text = plan) {
  const choice = {
    explains: false,
    elsewhere: { sites: new Set(['included']), tunnels: new Set([tunnelKey({ sites: ['included', 'hub'] })]) },
  }
  const { text: result, findings } = intoPlan(text, imported(network), choice)
  const again = intoPlan(result, imported(network), choice)
  expect(again.text).toBe(result)
  expect(again.findings).toEqual(findings)
  return { result, told: findings.map(({ code, place, message }) => `${code} ${place.path.join('.')}: ${message}`) }
}

const outside = { interface: 'eth0', address: '203.0.113.1' }

describe('intoPlan', () => {
  it.each<[Imported['network'], string]>([
    [{ sites: {} }, 'nothing'],
    [{ sites: { a: { subnets: ['10.0.0.0/24', '10.0.7.0/24'] } } }, 'what is there'],
    [
      { sites: { hub: { subnets: ['10.9.0.0/24'] } }, tunnels: [{ sites: ['a', 'hub'], proposal: 'modern' }] },
      'a tunnel',
    ],
    [
      {
        sites: {
          a: {
            subnets: ['10.0.0.0/24', '10.0.7.0/24'],
            gateway: { platform: 'vyos-1.4', outside: { address: '203.0.113.1' }, inside: { interface: 'eth1' } },
          },
        },
      },
      'what the defaults say',
    ],
  ])('changes not a byte for %j: %s', (network) => {
    expect(added(network)).toEqual({ result: plan, told: [] })
  })

  it('adds sites, subnets, keys and tunnels, and keeps all that is there', () => {
    const { result, told } = added({
      avoid: ['192.168.7.0/24'],
      sites: {
        a: {
          subnets: ['10.0.0.0/24', '10.0.7.0/24', '10.0.8.0/24'],
          reserved: ['10.1.0.0/16'],
          gateway: { platform: 'vyos-1.4', outside },
        },
        b: { subnets: ['10.2.0.0/24'] },
      },
      tunnels: [{ sites: ['a', 'hub'], mode: 'route' }, { sites: ['hub', 'b'] }],
    })
    expect(told).toEqual([])
    expect(result).toBe(`# Our sites
version: 1
defaults: { gateway: { inside: { interface: eth1 } } }

sites:
  # the hub
  hub:
    subnets: [ 10.9.0.0/24 ] # offices

  a:
    subnets:
      - { prefix: 10.0.0.0/24, name: warehouse }
      - 10.0.7.0/24
      - 10.0.8.0/24
    gateway: { platform: vyos-1.4, outside: { address: 203.0.113.1, interface: eth0 } }
    reserved: [ 10.1.0.0/16 ]

  b:
    subnets: [ 10.2.0.0/24 ]

tunnels:
  - sites: [ hub, a ] # the first one
    proposal: modern
    mode: route
  - sites: [ hub, b ]
avoid: [ 192.168.7.0/24 ]
`)
  })

  it('leaves what the source says in another way, and tells it', () => {
    const { result, told } = added({
      sites: {
        a: {
          subnets: ['10.0.0.0/24'],
          gateway: { platform: 'edgeos', outside: { address: '203.0.113.1' }, inside: { interface: 'eth1' } },
        },
        included: { subnets: [] },
      },
    })
    expect(result).toBe(plan)
    expect(told).toEqual([
      'IMPORT_VANISHED sites.a.subnets.1: "10.0.7.0/24" is in the plan, and not in the source',
      'IMPORT_DIFFERS sites.a.gateway.platform: the plan says "vyos-1.4", and the source "edgeos"',
      'IMPORT_DIFFERS sites.included: the site "included" is in a file that the plan includes, to which nothing is added',
    ])
  })

  it('writes a value that is not that of the defaults', () => {
    const gateway = { outside: { address: '203.0.113.1' }, inside: { interface: 'eth5' } }
    const { result } = added({ sites: { a: { subnets: ['10.0.0.0/24', '10.0.7.0/24'], gateway } } })
    expect(result).toContain('outside: { address: 203.0.113.1 }, inside: { interface: eth5 } }')
  })

  it('says behind what it added what that was concluded from', () => {
    const network = { sites: { a: { subnets: ['10.0.0.0/24', '10.0.7.0/24', '10.0.8.0/24'] } } }
    const reason = (index: number) => ({
      path: ['sites', 'a', 'subnets', index],
      text: 'it is in the list',
      file: 'a.txt',
      line: index,
    })
    const { text } = intoPlan(plan, imported(network, [reason(0), reason(2)]), { explains: true, elsewhere: nothing })
    expect(text).toContain('      - 10.0.8.0/24 # it is in the list (a.txt:2)\n')
    expect(text).not.toContain('a.txt:0')
  })

  it('leaves JSON what it is', () => {
    const { result } = added({ sites: { b: { subnets: ['10.2.0.0/24'] } } }, '{"version":1,"sites":{}}')
    expect(JSON.parse(result)).toEqual({ version: 1, sites: { b: { subnets: ['10.2.0.0/24'] } } })
  })

  it('adds nothing to what stands under an alias', () => {
    const text = 'version: 1\nx-a: &a { subnets: [10.0.0.0/24] }\nsites:\n  a: *a\n'
    const { result, told } = added({ sites: { a: { subnets: ['10.0.0.0/24', '10.1.0.0/24'] } } }, text)
    expect(result).toBe(text)
    expect(told).toEqual([expect.stringContaining('IMPORT_DIFFERS sites.a.subnets: ')])
  })

  it.each(['- a\n', 'a: b: c\n', ''])('refuses %j, which is no plan', (text) => {
    expect(() => intoPlan(text, imported({ sites: {} }), { explains: false, elsewhere: nothing })).toThrow(
      'not a plan file',
    )
  })
})
