import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AddressMatch, NatRule, Platform } from '@natplan/core'
import { detectPlatform, type Parsed, platformModule } from '@natplan/templates'
import { describe, expect, it } from 'vitest'
import { root } from '../support/command.ts'
import { expectGolden } from '../support/golden.ts'

const folder = join(root, 'test', 'platforms', 'dumps')
const dumps = readdirSync(folder).map((name) => name.replace('.txt', '') as Platform)

function readDump(platform: Platform): { readonly text: string; readonly parsed: Parsed } {
  const text = readFileSync(join(folder, `${platform}.txt`), 'utf8')
  const parsed = platformModule(platform)?.parse?.(text)
  if (!parsed) throw new Error(`${platform} cannot be read`)
  return { text, parsed }
}

function matchText(match: AddressMatch | undefined): string {
  if (!match) return 'any'
  const text = match.kind === 'prefix' ? match.prefix : `${match.first}-${match.last}`
  return `${match.negated ? '!' : ''}${text}`
}

function portText({ ports }: NatRule): string {
  const ranges = ports?.destination?.ranges.map(({ first, last }) => (first === last ? first : `${first}-${last}`))
  return ranges ? `:${ranges}` : ''
}

function ruleText(rule: NatRule): string {
  const { direction, number, interface: name = 'any', protocol = 'all', source, destination, action } = rule
  const to = action.kind === 'map' ? `${action.to}` : action.kind
  return `${direction} ${number} ${name} ${protocol} ${matchText(source)} > ${matchText(destination)}${portText(rule)} = ${to}`
}

function tunnelText({ policy, proposals }: Parsed): string[] {
  return policy.tunnels.flatMap(({ peer, local, remote, selectors }) => {
    const { ike, esp, isWhole } = proposals.get(peer) ?? { ike: [], esp: [], isWhole: false }
    return [
      `${peer}: ${local.address} (${local.identity}) to ${remote.address} (${remote.identity})`,
      `${peer}: ${ike.length} for IKE, ${esp.length} for ESP${isWhole ? '' : ', and others'}`,
      ...selectors.map((one) => `${peer}: ${one.number} ${one.local} ${one.remote}`),
    ]
  })
}

/** What a person would say that the configuration does. */
function summary(parsed: Parsed): string {
  const { policy, keys, addresses, otherRoutes = [], notUnderstood, findings } = parsed
  const parts = {
    tunnels: tunnelText(parsed),
    'keys of': [...keys.keys()],
    nat: policy.nat.map(ruleText),
    addresses: addresses.map(({ interface: name, address, prefix }) => `${name} ${address}/${prefix.length}`),
    routes: [
      ...policy.routes.map(({ prefix, interface: target }) => `${prefix} ${target}`),
      ...otherRoutes.map(({ prefix, via }) => `${prefix} ${via}`),
    ],
    findings: findings.map(({ code, message, place }) => `${place.line} ${code} ${message}`),
    'not understood': notUnderstood.map(({ line, text }) => `${line} ${text}`),
  }
  return Object.entries(parts)
    .map(([title, lines]) => `${title}:\n${lines.map((line) => `  ${line}\n`).join('')}`)
    .join('')
}

describe('configurations that somebody wrote', () => {
  it('are read as far as natplan can, and the rest is named', () => {
    const read = dumps.map((platform) => [`${platform}.txt`, summary(readDump(platform).parsed)])
    expectGolden(join(root, 'test', 'golden', 'dumps'), Object.fromEntries(read))
  })
})

describe.each(dumps)('a configuration of %s that somebody wrote', (platform) => {
  const { text, parsed } = readDump(platform)

  it('has its lines', () => {
    const { nat, tunnels, routes, clamps, interfaces } = parsed.policy
    const things = [...nat, ...routes, ...clamps, ...interfaces, ...tunnels, ...tunnels.flatMap((one) => one.selectors)]
    const lines = text.split('\n')
    expect(things.filter((thing) => !lines[(parsed.lines.get(thing) ?? 0) - 1])).toEqual([])
  })

  it('is known for what it is', () => {
    expect(detectPlatform(text)).toMatchObject({ platform, isSure: true })
  })
})
