import { describe, expect, it } from 'vitest'
import { formatPath } from '../finding.ts'
import { readNetwork } from './read-network.ts'

const gateway = { platform: 'vyos-1.4', outside: { interface: 'eth0' }, inside: { interface: 'eth1' } }
const one = (address: unknown, more: object = {}) => ({
  subnets: ['10.0.0.0/24'],
  gateway: { outside: { address }, ...more },
})

/** A plan of two sites that write little more than their address. */
function plan(defaults: unknown, more: object = {}) {
  return { version: 1, defaults, sites: { a: one('203.0.113.1'), b: one('203.0.113.2') }, ...more }
}

const joinedByTunnel = { tunnels: [{ sites: ['a', 'b'] }] }

function read(data: object) {
  const { value, findings, asWritten } = readNetwork(data)
  return {
    value,
    asWritten,
    told: findings.map(({ code, place, message }) => `${code} ${formatPath(place.path)}: ${message}`),
    related: findings.map(({ related = [] }) =>
      related.map(({ place, message }) => `${formatPath(place.path)}: ${message}`),
    ),
  }
}

function tunnelOf(tunnel: object, written: object = {}) {
  const { value, told } = read(plan({ gateway, tunnel }, { tunnels: [{ sites: ['b', 'a'], ...written }] }))
  expect(told).toEqual([])
  return value?.tunnels?.[0]
}

function gatewayOf(defaults: object, written: object) {
  const { value, told } = read({
    version: 1,
    defaults: { gateway: defaults },
    sites: { a: { subnets: [], ...written } },
  })
  expect(told).toEqual([])
  return value?.sites.get('a' as never)?.gateway
}

describe('defaults of gateways', () => {
  it('say what a site leaves out', () => {
    expect(gatewayOf(gateway, one('203.0.113.1'))).toMatchObject({
      platform: 'vyos-1.4',
      outside: { interface: 'eth0' },
      inside: { interface: 'eth1' },
    })
  })

  it('are the same as written at each site', () => {
    const whole = { ...gateway, outside: { interface: 'eth0', address: '203.0.113.1' } }
    expect(gatewayOf(gateway, one('203.0.113.1'))).toEqual(gatewayOf({}, { gateway: whole }))
  })

  it('give way to what a site writes', () => {
    const own = { gateway: { platform: 'edgeos', outside: { address: '203.0.113.1', interface: 'eth7' } } }
    expect(gatewayOf({ ...gateway, ruleBase: 50 }, own)).toMatchObject({
      platform: 'edgeos',
      outside: { interface: 'eth7' },
      inside: { interface: 'eth1' },
      ruleBase: 50,
    })
  })

  it('are taken away by a key without a value', () => {
    expect(gatewayOf(gateway, one('203.0.113.1', { inside: null, platform: 'generic' }))?.inside).toBeUndefined()
  })

  it.each<[object, boolean, string]>([
    [gateway, false, 'nobody says where it is called'],
    [
      { ...gateway, outside: { interface: 'eth0', address: 'dynamic' }, identity: '{site}.example.net' },
      true,
      'that is the same for all',
    ],
  ])('%j make a gateway of a site without one: %s (%s)', (defaults, made) => {
    expect(gatewayOf(defaults, {}) !== undefined).toBe(made)
  })

  it('have the name of the site in braces filled in', () => {
    const defaults = { ...gateway, identity: '{site}.example.net' }
    expect(gatewayOf(defaults, one('dynamic'))?.identity).toBe('a.example.net')
  })

  it('give nodes to no site that has none', () => {
    const sites = { a: { subnets: [], kubernetes: {} }, b: { subnets: [] } }
    const { value } = read({ version: 1, defaults: { kubernetes: { interval: 45 } }, sites })
    expect(value?.sites.get('a' as never)?.kubernetes?.agent.interval).toBe(45)
    expect(value?.sites.get('b' as never)?.kubernetes).toBeUndefined()
  })
})

describe('defaults of tunnels', () => {
  it('name one file for both ends', () => {
    const defaults = { preSharedKey: { file: 'keys/{site}-{peer}.psk' } }
    expect(tunnelOf(defaults)?.preSharedKey).toEqual({ file: 'keys/b-a.psk' })
  })

  it('fill in names without any default as well', () => {
    expect(tunnelOf({}, { preSharedKey: { env: 'NATPLAN_{site}_{peer}' } })?.preSharedKey).toEqual({
      env: 'NATPLAN_b_a',
    })
  })

  it.each<[object, object, string]>([
    [{ env: 'NATPLAN_X' }, { env: 'NATPLAN_X' }, 'of several forms only one'],
    [{ file: 'x.psk' }, { file: 'x.psk' }, 'the same form'],
  ])('give way to the key %j: %s', (preSharedKey, expected) => {
    expect(tunnelOf({ preSharedKey: { file: 'all.psk' } }, { preSharedKey })?.preSharedKey).toEqual(expected)
  })

  it('give no key to a tunnel with certificates', () => {
    const authentication = { certificate: 'gw', ca: 'company' }
    const tunnel = tunnelOf({ preSharedKey: { file: 'all.psk' } }, { authentication })
    expect(tunnel).toMatchObject({ preSharedKey: undefined })
    expect(tunnel?.certificates?.size).toBe(2)
  })

  it('name the certificate of each end', () => {
    const tunnel = tunnelOf({ authentication: { certificate: '{site}-cert', ca: 'company' } })
    expect(Object.fromEntries(tunnel?.certificates ?? [])).toEqual({
      a: { certificate: 'a-cert', ca: 'company' },
      b: { certificate: 'b-cert', ca: 'company' },
    })
  })

  it('join what is said of dead peers', () => {
    const tunnel = tunnelOf({ deadPeerDetection: { interval: 10 } }, { deadPeerDetection: { action: 'clear' } })
    expect(tunnel?.settings.deadPeer).toMatchObject({ interval: 10, action: 'clear' })
  })

  it('are none of sites that talk over a third one', () => {
    const sites = { ...plan({}).sites, c: one('203.0.113.3') }
    const tunnels = [{ sites: ['a', 'b'] }, { sites: ['a', 'c'] }, { sites: ['b', 'c'], through: 'a' }]
    expect(read({ version: 1, defaults: { gateway, tunnel: { start: 'initiate' } }, sites, tunnels }).told).toEqual([])
  })
})

describe('what is wrong with defaults', () => {
  it.each<[unknown, object, string[], string]>([
    [4, {}, ['VALUE_WRONG defaults: expected a mapping, found 4'], 'nothing follows'],
    [{ gatway: gateway }, {}, ['KEY_UNKNOWN defaults.gatway: unknown key "gatway"'], 'read as meant'],
    [
      { gateway: { ...gateway, platfrm: 'edgeos' } },
      {},
      ['KEY_UNKNOWN defaults.gateway.platfrm: unknown key "platfrm"'],
      'below, beside the right one',
    ],
    [
      { gateway: { ...gateway, platform: 'vyos-9' } },
      {},
      [expect.stringMatching(/^VALUE_WRONG defaults\.gateway\.platform: /)],
      'a word',
    ],
    [
      { gateway: { ...gateway, identity: '{other}' } },
      {},
      [expect.stringMatching(/^VALUE_WRONG defaults\.gateway\.identity: /)],
      'a name that stands for nothing',
    ],
    [
      { gateway, tunnel: { preSharedKey: { file: 'keys/{sites}.psk' } } },
      joinedByTunnel,
      [expect.stringMatching(/^VALUE_WRONG defaults\.tunnel\.preSharedKey\.file: /)],
      'the same in a path',
    ],
    [
      { gateway, tunnel: { start: 'trap' } },
      {},
      [expect.stringMatching(/^TUNNEL_KEYS_UNFIT defaults\.tunnel: /)],
      'no tunnel is listed',
    ],
    [
      { gateway: { ...gateway, virtualInterface: { address: '1.2.3' } } },
      {},
      [expect.stringMatching(/^ADDRESS_INVALID defaults\.gateway\.virtualInterface\.address: /)],
      'an address',
    ],
    [
      { gateway: { outside: { mtu: 1400 } } },
      {},
      [
        expect.stringMatching(/^INTERFACE_MISSING|KEY_MISSING sites\.a\.gateway\.outside: /),
        expect.stringMatching(/^INTERFACE_MISSING|KEY_MISSING sites\.b\.gateway\.outside: /),
      ],
      'what is missing is missing at each site',
    ],
  ])('%j is told once, where it stands', (defaults, more, told) => {
    expect(read(plan(defaults, more)).told).toEqual(told)
  })

  it('says who has it', () => {
    const { related } = read(plan({ gateway: { ...gateway, identity: '{other}' } }))
    expect(related).toEqual([['sites.a: the first of 2 that have it']])
  })

  it('tells what is wrong at a site there', () => {
    const sites = { a: one('203.0.113.1', { platform: 'vyos-9', ruleBase: 0 }), b: one('203.0.113.300') }
    expect(read({ ...plan({ gateway: { ...gateway, ruleBase: 7 } }), sites }).told).toEqual([
      expect.stringMatching(/^VALUE_WRONG sites\.a\.gateway\.platform: /),
      expect.stringMatching(/^VALUE_WRONG sites\.a\.gateway\.ruleBase: /),
      expect.stringMatching(/^ADDRESS_INVALID sites\.b\.gateway\.outside\.address: /),
    ])
  })

  it('names what neither a site nor the defaults say', () => {
    const sites = { a: { subnets: [], gateway: { platform: 'generic' } } }
    expect(read({ version: 1, defaults: { gateway }, sites }).told).toEqual([
      'KEY_MISSING sites.a.gateway: the key outside.address is missing',
    ])
  })

  it('repeats no secret', () => {
    const { told } = read(plan({ gateway, tunnel: { preSharedKey: { env: 'hunter2!' } } }, joinedByTunnel))
    expect(told).toHaveLength(1)
    expect(told.join()).not.toContain('hunter2')
  })

  it('knows where each value was written', () => {
    const { asWritten } = read(plan({ gatway: gateway }, joinedByTunnel))
    expect(formatPath(asWritten(['sites', 'a', 'gateway', 'platform']))).toBe('defaults.gatway.platform')
    expect(formatPath(asWritten(['sites', 'a', 'gateway', 'outside', 'address']))).toBe(
      'sites.a.gateway.outside.address',
    )
    expect(formatPath(asWritten(['sites', 'a', 'gateway']))).toBe('sites.a.gateway')
  })
})

describe('keys of people themselves', () => {
  it.each<[object, string[]]>([
    [{ 'x-keys': [1], ...plan(undefined) }, []],
    [plan({ gateway: { ...gateway, 'x-note': 'rack 4' }, 'x-y': 1 }), []],
    [{ version: 1, sites: { a: { subnets: [{ prefix: '10.0.0.0/24', 'x-vlan': 7 }], 'x-owner': {} } } }, []],
    [{ version: 1, sites: {}, tunnels: [], xnote: 1 }, ['KEY_UNKNOWN xnote: unknown key "xnote"']],
  ])('in %j: %j', (data, told) => {
    expect(read(data).told.filter((text) => !text.startsWith('KEY_MISSING sites.'))).toEqual(told)
  })
})
