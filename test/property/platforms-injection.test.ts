import { abilities, type GatewayPolicy } from '@natplan/core'
import { type PlatformModule, platformModules, Secret } from '@natplan/templates'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { acceptance, cloudPeer } from '../golden/platforms/cases.ts'
import { derive, type Written } from '../support/policies.ts'
import { routers } from '../support/routers.ts'

/** What breaks out of quotes, lines and words in shells, router languages, swanctl.conf, nftables and Markdown. */
const hostile = fc.oneof(
  fc.constantFrom(
    "x' ; delete interfaces ; '",
    'x"\nset system login user evil',
    '$(reboot)',
    '`reboot`',
    'a\\',
    'a\r\nset x',
    '\u2028set x',
    '}\nconnections { evil {',
    '<script>',
    '|x|',
    '# x\n',
    'x\u0000',
  ),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }),
)

/** What a line of the Vyatta family may be: words without any sign of a shell, and at its end one value in quotes. */
const command = /^(set|delete)( [A-Za-z0-9@:._/+-]+)+( '[^'"$`\\?\p{C}]+')?$/u
const comment = /^# [\x20-\x7e]*$/

function strangeLines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '' && !command.test(line) && !comment.test(line))
}

/** Puts a hostile text where a name, a description, an interface or an identity stands. */
const places: Readonly<Record<string, (policy: GatewayPolicy, text: string) => GatewayPolicy>> = {
  site: (policy, text) => ({ ...policy, site: text as never }),
  outside: (policy, text) => ({ ...policy, outside: { ...policy.outside, interface: text } }),
  description: (policy, text) => ({ ...policy, nat: policy.nat.map((rule) => ({ ...rule, description: text })) }),
  'nat interface': (policy, text) => ({ ...policy, nat: policy.nat.map((rule) => ({ ...rule, interface: text })) }),
  peer: (policy, text) => ({ ...policy, tunnels: policy.tunnels.map((one) => ({ ...one, peer: text as never })) }),
  identity: (policy, text) => ({
    ...policy,
    tunnels: policy.tunnels.map((one) => ({ ...one, local: { ...one.local, identity: text } })),
  }),
  selector: (policy, text) => ({
    ...policy,
    tunnels: policy.tunnels.map((one) => ({
      ...one,
      through: one.through && { ...one.through, interface: text },
    })),
  }),
  'virtual interface': (policy, text) => ({
    ...policy,
    interfaces: policy.interfaces.map((one) => ({ ...one, name: text })),
    routes: policy.routes.map((one) =>
      one.to.kind === 'nowhere' ? one : { ...one, to: { ...one.to, interface: text } },
    ),
    clamps: policy.clamps.map((one) => ({ ...one, interface: one.interface && text })),
  }),
  'routing table': (policy, text) => ({
    ...policy,
    vrfs: policy.vrfs.map((one) => ({ ...one, name: text })),
    interfaces: policy.interfaces.map((one) => (one.vrf === undefined ? one : { ...one, vrf: text })),
    routes: policy.routes.map((one) => (one.vrf === undefined ? one : { ...one, vrf: text })),
  }),
  'other end': (policy, text) => ({
    ...policy,
    interfaces: policy.interfaces.map((one) => ({
      ...one,
      peer: text as never,
      ...(one.joins ? { joins: text } : {}),
    })),
  }),
}

type Form = Partial<NonNullable<Written['tunnels']>[number]>

/** A tunnel with a virtual interface, and one in a routing table of its own, where the platform has them. */
function formsOf(module: PlatformModule): [string, PlatformModule, Form][] {
  const { routed, translates, cloud } = abilities[module.platform]
  return [
    [module.platform, module, {}],
    ...(routed && !cloud && module.platform !== 'generic'
      ? [[`${module.platform} with routes`, module, { mode: 'route' }] as const]
      : []),
    ...(translates === 'domain' ? [[`${module.platform} with a VRF`, module, { translateAt: 'cloud' }] as const] : []),
  ] as [string, PlatformModule, Form][]
}

describe.each(platformModules.flatMap(formsOf))('%s', (_, module, form) => {
  const { platform } = module
  const isCloud = module.capabilities.cloud !== undefined
  const whole = isCloud ? cloudPeer(platform) : acceptance(platform, 'vyos-1.4')
  const written = {
    ...whole,
    tunnels: whole.tunnels?.map((tunnel) => ({ ...tunnel, ...form }) as typeof tunnel),
  } as Written
  const policy = derive(written).policies[0] as GatewayPolicy
  const render = (one: GatewayPolicy, secret = new Secret('abcdefghijklmnopqrstuvwxyz')) =>
    module.render(one, { secrets: new Map(one.tunnels.map(({ peer }) => [peer as string, secret])) })
  const isFamily = routers.includes(module)

  it('writes nothing else than commands usually', () => {
    const { configure = '', remove = '' } = render(policy).texts ?? {}
    if (isFamily) expect(strangeLines(configure + remove)).toEqual([])
    expect(configure).not.toBe('')
  })

  it.each(Object.keys(places))('writes no command out of a hostile %s', (place) => {
    // With a harmless text in its place there may be a line more than without one.
    const usual = [policy, places[place]?.(policy, 'eth9') ?? policy].map((one) => render(one).texts?.configure ?? '')
    const most = Math.max(...usual.map((text) => text.split('\n').length))
    fc.assert(
      fc.property(hostile, (text) => {
        const { texts, findings } = render(places[place]?.(policy, text) ?? policy)
        if (texts === undefined) {
          expect(findings.map(({ code }) => code).join(' ')).toMatch(/VALUE_UNSAFE|POLICY_UNSUPPORTED/)
          return
        }
        const { configure, remove, files } = texts
        const breaks = /['"$`\\\r\n]/.test(text) && text.length > 2
        if (breaks) expect(configure + remove).not.toContain(text)
        if (isCloud && breaks) expect(JSON.stringify(files)).not.toContain(JSON.stringify(text).slice(1, -1))
        if (!isFamily) return
        expect(strangeLines(configure + remove)).toEqual([])
        expect(configure.split('\n').length).toBeLessThanOrEqual(most)
      }),
      { numRuns: 150 },
    )
  })

  it('refuses hostile keys, and shows nothing of them', () => {
    const keyless = module.render(policy, { secrets: new Map() }).texts?.configure ?? ''
    fc.assert(
      fc.property(hostile, (text) => {
        const secret = new Secret(text)
        const { texts, findings } = render(policy, secret)
        const shown = JSON.stringify([findings, module.checkKey(secret, { source: 'plan', path: [] })])
        if (text.length > 8) expect(shown).not.toContain(JSON.stringify(text).slice(1, -1))
        if (texts?.configure.includes(text) && !keyless.includes(text)) expect(text).toMatch(/^[^'"$\\`?\r\n]+$/)
      }),
      { numRuns: 150 },
    )
  })
})
