import { readdirSync } from 'node:fs'
import { abilities, type Platform, platforms } from '@natplan/core'
import { platformModule } from '@natplan/templates'
import { describe, expect, it } from 'vitest'
import { root } from '../support/command.ts'
import { acceptanceTexts, planOfExample, textsOf, verifyAgainst, verifyTexts } from './configurations.ts'

/** These cannot be planned: that is what they show. */
const impossible = ['must-not-translate', 'pool-exhausted']
/** These are about the platforms that they name. */
const ofClouds = ['azure-peer', 'aws-peer']
const examples = readdirSync(`${root}/examples`).filter((name) => ![...impossible, ...ofClouds].includes(name))
const readable = platforms.filter((platform) => platformModule(platform)?.readDevice !== undefined)

/** What a platform cannot do better is said when it is planned, and again of its text. */
const saidByPlan = ['TUNNEL_MAY_LEAK', 'PROPOSAL_WEAK', 'ROUTE_SINGLE_ADDRESS', 'NAT_ONE_WAY']
const saidOtherwise: Readonly<Record<string, string>> = { MSS_BY_HAND: 'MSS_MISSING', HIDDEN_ONE_WAY: 'NAT_ONE_WAY' }

/** Of an example, what the platform does not do. */
function isBeyond(example: string, platform: Platform): boolean {
  const { translates, routed } = abilities[platform]
  if (example === 'narrow-selectors') return !routed?.takes.some((one) => one === 'narrow')
  if (example === 'partner-without-nat') return translates !== 'domain'
  // A dataplane does not reach the single address that others hide behind, and says so.
  return example === 'hide-behind' && platform === 'vyatta-5600'
}

const rows = examples
  .flatMap((example) => readable.map((platform) => [example, platform] as const))
  .filter((row) => !isBeyond(...row))

function verified(example: string, platform: Platform) {
  const { plan, findings: planned } = planOfExample(`${root}/examples/${example}/natplan.yaml`, platform)
  const { texts, findings } = textsOf(plan)
  const written = new Map([...texts].map(([site, text]) => [site, { platform, text }]))
  // Only the plan says to which gateway a host name leads.
  const isLookedUp = [...plan.network.sites.values()].some(
    ({ gateway }) => gateway?.outside.publicAddress.kind === 'host',
  )
  const verification = isLookedUp ? verifyAgainst(plan, written) : verifyTexts(written)
  const said = new Set([...planned, ...findings].map(({ code }) => saidOtherwise[code] ?? code))
  const keyless = plan.network.tunnels?.filter(({ certificates }) => certificates !== undefined).length ?? 0
  return { ...verification, said, keyless }
}

describe('what natplan renders', () => {
  it.each(rows)('%s on %s is proven, and nothing is reported that the plan did not say', (example, platform) => {
    const { proofs, findings, said, keyless } = verified(example, platform)
    expect(proofs.length).toBeGreaterThan(0)
    expect(proofs.filter(({ isProven }) => !isProven)).toEqual([])
    expect(proofs.filter(({ keys }) => keys !== 'equal').map(({ keys }) => keys)).toEqual(
      Array.from({ length: keyless }, () => 'not compared'),
    )
    const unexpected = findings.filter(({ code }) => !said.has(code))
    expect(unexpected.map(({ code, message }) => `${code} ${message}`)).toEqual([])
    expect(findings.every(({ code }) => [...saidByPlan, 'MSS_MISSING'].includes(code))).toBe(true)
  })
})

/** What people add to a good configuration and what leaves it good. */
const additions = [
  ['the same rules for a second line', (text: string) => `${text}${secondLine(text)}`],
  [
    'rules for a group of interfaces',
    (text: string) =>
      `set firewall group interface-group WAN interface eth1\nset firewall group interface-group WAN interface eth2\n${text.replaceAll("-interface name 'eth1'", '-interface group WAN')}`,
  ],
] as const

function secondLine(text: string): string {
  const rules = text.split('\n').filter((line) => line.startsWith('set nat '))
  return rules.map((line) => `${line.replace('rule 1000', 'rule 1001').replace('eth1', 'eth2')}\n`).join('')
}

describe('a good configuration with more in it', () => {
  it.each(additions)('%s', (_, add) => {
    const texts = acceptanceTexts('vyos-1.4')
    const { platform, text } = texts.get('cloud') ?? { platform: 'vyos-1.4', text: '' }
    const { proofs, findings } = verifyTexts(texts.set('cloud', { platform, text: add(text) }))
    expect(proofs.map(({ isProven }) => isProven)).toEqual([true])
    expect(findings.map(({ code, message }) => `${code} ${message}`)).toEqual([])
  })
})
