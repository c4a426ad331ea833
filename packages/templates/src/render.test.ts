import { derivePolicies, type GatewayPolicy, inPlan, normalize, planNetwork } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import { templateOf } from './engine.ts'
import { ownTemplate, parseTemplate } from './parse-template.ts'
import { platformModules } from './platforms/all.ts'
import { platformModule } from './platforms/index.ts'
import { Secret } from './secret.ts'

function policyFor(
  platform: GatewayPolicy['platform'],
  [here, there]: readonly [string, string] = ['10.0.1.0/24', '10.0.1.0/24'],
  ends: readonly [string, string] = ['192.0.2.1', '192.0.2.2'],
): GatewayPolicy {
  const { value } = normalize({
    version: 1,
    sites: {
      a: { subnets: [here], gateway: { platform, outside: { interface: 'eth1', address: ends[0] } } },
      b: { subnets: [there], gateway: { outside: { interface: 'eth1', address: ends[1] } } },
    },
  })
  const plan = value && planNetwork(value).plan
  const policy = plan && derivePolicies(plan).policies[0]
  if (!policy) throw new Error('no policy')
  return policy
}

const vyos = platformModule('vyos-1.4')
if (!vyos) throw new Error('no VyOS')
const policy = policyFor('vyos-1.4')
const none = new Map<string, Secret>()
const routers = platformModules.filter(({ platform, readDevice }) => platform !== 'linux' && readDevice !== undefined)

describe('render', () => {
  it('has a comment in place of a key that it does not have', () => {
    const { texts } = vyos.render(policy, { secrets: none })
    expect(texts?.configure).toContain('\n# set vpn ipsec authentication psk natplan-b secret: not shown')
    expect(texts?.configure).not.toContain("secret '")
  })

  it('writes the key once', () => {
    const { texts } = vyos.render(policy, { secrets: new Map([['b', new Secret('abcdefghijklmnopqrstuvwxyz')]]) })
    expect(texts?.configure.split('abcdefghijklmnopqrstuvwxyz')).toHaveLength(2)
    expect(`${texts?.remove}${texts?.check}`).not.toContain('abcdefghij')
  })

  it('asks for routes of either IP version by their own command', () => {
    const check = (subnets: [string, string], ends?: [string, string]) => {
      const module = platformModule('vyatta-5600')
      return module?.render(policyFor('vyatta-5600', subnets, ends), { secrets: none }).texts?.check
    }
    const ends: [string, string] = ['2001:db8:1::1', '2001:db8:2::1']
    expect(check(['10.0.1.0/24', '10.0.2.0/24'])).toContain('\nshow ip route 10.0.2.0/25\n')
    expect(check(['fd00:1::/64', 'fd00:2::/64'], ends)).toContain('\nshow ipv6 route fd00:2::/65\n')
  })

  it('prints the user’s template in place of one of its own', () => {
    const overrides = { check: ownTemplate('# {{v site}}\n{{#each peers}}\nshow {{v key}}\n{{/each}}\n') }
    const { texts } = vyos.render(policy, { secrets: none, overrides })
    expect(texts?.check).toBe('# a\nshow natplan-b\n')
    expect(texts?.configure).toBe(vyos.render(policy, { secrets: none }).texts?.configure)
  })

  it.each([
    ['a bare value', { check: ownTemplate('{{site}}') }],
    ['a name that the view lacks', { check: ownTemplate('{{v typo}}') }],
    ['a template that the platform lacks', { cheque: ownTemplate('x') }],
  ])('TEMPLATE_WRONG: %s', (_, overrides) => {
    const { texts, findings } = vyos.render(policy, { secrets: none, overrides })
    expect(texts).toBeUndefined()
    expect(findings.map(({ code }) => code)).toEqual(['TEMPLATE_WRONG'])
  })

  it.each([
    ['a masquerade', { action: { kind: 'masquerade' as const } }],
    ['any source', { source: undefined }],
    ['no interface', { interface: undefined }],
  ])('POLICY_UNSUPPORTED: %s', (_, change) => {
    const other = { ...policy, nat: policy.nat.map((rule) => ({ ...rule, ...change })) }
    const { texts, findings } = vyos.render(other, { secrets: none })
    expect(texts).toBeUndefined()
    expect(new Set(findings.map(({ code }) => code))).toEqual(new Set(['POLICY_UNSUPPORTED']))
  })

  it.each([
    ['xyz7', 'a kind that is not known'],
    ['dum0', 'which has no such setting'],
    ['veth0', 'which has no such setting'],
    ['lo', 'which has no such setting'],
    ['wg0.7', 'a VLAN where the kind has none'],
  ])('MSS_BY_HAND: %s, %s', (name) => {
    const other = { ...policy, clamps: [{ interface: name, mss: 1382 }] }
    const { texts, findings } = vyos.render(other, { secrets: none })
    expect(findings.map(({ code }) => code)).toEqual(['MSS_BY_HAND'])
    expect(texts?.configure).not.toContain(`${name} ip adjust-mss`)
  })

  it.each([
    ['eth1', 'ethernet eth1'],
    ['bond0.7', 'bonding bond0 vif 7'],
    ['wg0', 'wireguard wg0'],
    ['vtun3', 'openvpn vtun3'],
    ['peth0', 'pseudo-ethernet peth0'],
    ['gnv0', 'geneve gnv0'],
    ['macsec1', 'macsec macsec1'],
    ['l2tpeth10', 'l2tpv3 l2tpeth10'],
  ])('the MSS clamp of %s below the kind of the interface', (name, place) => {
    const { texts, findings } = vyos.render({ ...policy, clamps: [{ interface: name, mss: 1382 }] }, { secrets: none })
    expect(findings).toEqual([])
    expect(texts?.configure).toContain(`set interfaces ${place} ip adjust-mss '1382'\n`)
  })
})

describe('what only peers call a site', () => {
  it.each(['vyos-1.3', 'vyos-1.4', 'vyos-1.5', 'vyatta-5400', 'vyatta-5600', 'edgeos'] as const)(
    'goes nowhere on %s, until it is removed',
    (name) => {
      const module = platformModules.find(({ platform }) => platform === name)
      const texts = (policy: GatewayPolicy) => module?.render(policy, { secrets: none }).texts
      const own = policyFor(name)
      const lines = (text: string | undefined) => text?.replaceAll("'", '').match(/^.*protocols static route .*$/gm)
      expect(lines(texts(own)?.configure)).toEqual(['set protocols static route 192.168.1.0/24 blackhole distance 254'])
      expect(lines(texts(own)?.remove)).toEqual(['delete protocols static route 192.168.1.0/24'])
      const untranslated = texts({ ...own, discards: [] })
      expect(lines(`${untranslated?.configure}${untranslated?.remove}`)).toBeNull()
    },
  )
})

describe('checkKey', () => {
  const place = inPlan(['tunnels', 0, 'preSharedKey'])

  it.each([
    ['KEY_CHARACTERS', "abcdefghijklmnopqrs'tuvwxyz"],
    ['KEY_CHARACTERS', 'abcdefghijklmnopqrs tuvwxyz'],
    ['KEY_CHARACTERS', 'abcdefghijklmnopqrs$tuvwxyz'],
    ['KEY_PREFIX', '0xabcdefghijklmnopqrstuvwxyz'],
    ['KEY_PREFIX', '0Sabcdefghijklmnopqrstuvwxyz'],
    ['KEY_SHORT', 'abcdefghij'],
    ['KEY_LONG', 'a'.repeat(129)],
  ] as const)('%s on every router, without the key in the message', (code, text) => {
    for (const module of routers) {
      const findings = module.checkKey(new Secret(text), place)
      expect(findings.map((finding) => finding.code)).toEqual([code])
      expect(JSON.stringify(findings)).not.toContain(text)
      expect(findings[0]?.message).toContain(module.platform)
    }
  })

  it('refuses base64 where the device does, and only there', () => {
    const key = new Secret('abcdefghijklmnopqrstuvw=')
    const refusing = routers.filter((module) => module.checkKey(key, place).length > 0)
    expect(refusing.map(({ platform }) => platform)).toEqual(['vyatta-5600', 'vyatta-5400'])
  })
})

describe('a router template', () => {
  const template = templateOf(
    parseTemplate("set a {{v bare}} '{{v quoted}}'\n{{#each list}}\nset {{v x}} 'it {{v y}}'\n{{/each}}\n"),
    'router',
  )

  it('takes blanks and signs between quotes only', () => {
    expect(template({ bare: 'x', quoted: 'y; z', list: [{ x: 'a', y: 'b & c' }] })).toBe(
      "set a x 'y; z'\nset a 'it b & c'\n",
    )
  })

  it.each(['a b', 'a;b', 'a&b', 'a|b', '#a', '-a', '', 'a*', '(a)', '{a}', '~a', '!a'])(
    'refuses %j outside of them',
    (bare) => {
      expect(() => template({ bare, quoted: 'y', list: [] })).toThrow(expect.objectContaining({ code: 'VALUE_UNSAFE' }))
      expect(() => template({ bare: 'x', quoted: 'y', list: [{ x: bare, y: 'z' }] })).toThrow()
    },
  )
})
