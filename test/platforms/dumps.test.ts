import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type {
  DeviceRoute,
  DeviceRule,
  DeviceTunnel,
  Doubt,
  NamedAddress,
  Platform,
  Range,
  RangeSet,
  RuleList,
} from '@natplan/core'
import { detectPlatform, platformModule, type ReadDevice } from '@natplan/templates'
import { describe, expect, it } from 'vitest'
import { root } from '../support/command.ts'
import { expectGolden } from '../support/golden.ts'

const folder = join(root, 'test', 'platforms', 'dumps')
const dumps = readdirSync(folder).map((name) => name.replace('.txt', '') as Platform)

function readDump(platform: Platform): { readonly text: string; readonly read: ReadDevice } {
  const text = readFileSync(join(folder, `${platform}.txt`), 'utf8')
  const read = platformModule(platform)?.readDevice?.(text)
  if (!read) throw new Error(`${platform} cannot be read`)
  return { text, read }
}

type Bits = Range['first']

function rangeText({ first, last }: Range, text: (bits: Bits) => string): string {
  return first === last ? text(first) : `${text(first)}-${text(last)}`
}

function setText(set: RangeSet | undefined, text: (bits: Bits) => string = String): string {
  return set ? set.ranges.map((range) => rangeText(range, text)).join(',') : 'any'
}

function dotted(bits: Bits): string {
  return [24, 16, 8, 0].map((shift) => (Number(bits) >>> shift) & 255).join('.')
}

function interfaceText(names: DeviceRule['match']['in']): string {
  return names ? `${names.negated ? '!' : ''}${names.names.join(',')}` : 'any'
}

function doubtText(doubt: Doubt | undefined): string {
  return doubt ? `  ? ${doubt.line}: ${doubt.what}` : ''
}

function actionText({ action }: DeviceRule): string {
  const ports = 'ports' in action && action.ports ? `:${rangeText(action.ports, String)}` : ''
  if (action.kind === 'map') return `${action.to}${ports}`
  return action.kind === 'pool' ? `pool ${action.first}-${action.last}${ports}` : `${action.kind}${ports}`
}

function ruleText({ kind, name }: RuleList, rule: DeviceRule): string {
  const { number, match, doubt } = rule
  const way = interfaceText(kind === 'source-nat' ? match.out : match.in)
  const port = match.destinationPort ? `:${setText(match.destinationPort)}` : ''
  const who = `${setText(match.source, dotted)} > ${setText(match.destination, dotted)}${port}`
  const unknown = match.unknown === undefined ? '' : ` if ${match.unknown}`
  return `${name} ${number ?? '-'} ${way} ${setText(match.protocol)} ${who} = ${actionText(rule)}${unknown}${doubtText(doubt)}`
}

function addressText({ kind, ...named }: NamedAddress): string {
  return 'address' in named ? `${named.address}` : 'name' in named ? `${kind} ${named.name}` : kind
}

function tunnelText({ name, local, remote, ike, esp, isWhole, children, doubt, ...tunnel }: DeviceTunnel): string[] {
  const ends = [local, remote].map(({ address, identity }) => `${addressText(address)} (${identity})`)
  return [
    `${name}: ${ends.join(' to ')}, IKE ${tunnel.versions}, ${tunnel.authentication}, ${tunnel.start}${doubtText(doubt)}`,
    `${name}: ${ike.length} for IKE, ${esp.length} for ESP${isWhole ? '' : ', and others'}`,
    ...children.map((one) => {
      const only = one.only ? ` only ${setText(one.only.protocol)}:${setText(one.only.sourcePort)}` : ''
      return `${name}: ${one.name} ${one.kind} ${one.local} ${one.remote}${one.through ? ` ${one.through.interface}` : ''}${only}`
    }),
  ]
}

function hopText({ to, table, distance, prefix, doubt }: DeviceRoute): string {
  const hop = to.kind === 'via' ? `${to.address}` : to.kind === 'interface' ? to.interface : 'nowhere'
  return `${table} ${prefix} ${hop} ${distance}${doubtText(doubt)}`
}

/** What a person would say that the gateway does. */
function summary({ device, keys, findings }: ReadDevice): string {
  const parts = {
    tunnels: device.tunnels.flatMap(tunnelText),
    'keys of': [...keys.keys()],
    rules: device.lists.flatMap((list) => list.rules.map((rule) => ruleText(list, rule))),
    addresses: device.interfaces.flatMap(({ name, addresses }) =>
      addresses.map((one) => `${name} ${one.kind === 'known' ? `${one.address} in ${one.network}` : one.kind}`),
    ),
    routes: [device.installsRoutes, ...device.routes.map(hopText)],
    steering: device.steering.map(({ asked, to, doubt }) =>
      [asked, to.kind === 'table' ? to.table : to.kind, doubtText(doubt)].join(' ').trim(),
    ),
    clamps: device.clamps.map(({ interface: name = 'any', mss }) => `${name} ${mss}`),
    findings: findings.map(({ code, message, place }) => `${place.line} ${code} ${message}`),
    unread: device.unread.map(
      ({ line, text, touches, isPlaced }) => `${line} ${touches}${isPlaced ? '' : '!'} ${text}`,
    ),
  }
  return Object.entries(parts)
    .map(([title, lines]) => `${title}:\n${lines.map((line) => `  ${line}\n`).join('')}`)
    .join('')
}

describe('configurations that somebody wrote', () => {
  it('are read as far as natplan can, and the rest is named', () => {
    const read = dumps.map((platform) => [`${platform}.txt`, summary(readDump(platform).read)])
    expectGolden(join(root, 'test', 'golden', 'dumps'), Object.fromEntries(read))
  })
})

describe.each(dumps)('a configuration of %s that somebody wrote', (platform) => {
  const { text, read } = readDump(platform)

  it('has its lines', () => {
    const { lists, tunnels, routes, clamps, interfaces } = read.device
    const things = [
      ...[...lists.flatMap(({ rules }) => rules), ...routes, ...clamps, ...interfaces],
      ...[...tunnels, ...tunnels.flatMap(({ children }) => children)],
    ]
    const lines = text.split('\n')
    expect(things.length).toBeGreaterThan(5)
    expect(things.filter(({ line }) => !lines[(line ?? 0) - 1])).toEqual([])
  })

  it('is known for what it is', () => {
    expect(detectPlatform(text)).toMatchObject({ platform, isSure: true })
  })
})
