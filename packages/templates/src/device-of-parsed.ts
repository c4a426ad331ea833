import {
  Address,
  type Device,
  type DeviceRule,
  type DeviceTunnel,
  deviceOfConfiguration,
  type Platform,
  type RuleList,
} from '@natplan/core'
import type { NotUnderstood, Parsed } from './platform.ts'
import type { ReadDevice } from './read-device.ts'

/** A peer of a configuration that could not be read as a whole. */
export interface UnreadPeer {
  readonly name: string
  /** What stands as its address. */
  readonly addresses: readonly string[]
  readonly line: number | undefined
}

/** The device that an older reading of a configuration shows. */
export function deviceOfParsed(
  parsed: Parsed,
  { platform, peers = [] }: { readonly platform: Platform; readonly peers?: readonly UnreadPeer[] },
): ReadDevice {
  const { keys, findings, notUnderstood } = parsed
  const device = deviceOfConfiguration(
    {
      site: '',
      platform,
      policy: parsed.policy,
      proposals: parsed.proposals,
      keyDigests: new Map(),
      written: { file: '', lines: parsed.lines },
      addresses: parsed.addresses,
      otherRoutes: parsed.otherRoutes ?? [],
    },
    notUnderstood.filter((one) => unreadRule(one) === undefined),
  )
  return {
    device: {
      ...device,
      file: undefined,
      lists: device.lists
        .filter(({ kind }) => kind !== 'filter' || platform === 'linux')
        .map((list) => withUnread(list, notUnderstood)),
      tunnels: [...device.tunnels, ...unreadTunnels(device, peers)],
      usedNumbers: parsed.usedNumbers ?? device.usedNumbers,
    },
    keys,
    findings,
  }
}

/** A rule that is not understood keeps its place, and nothing is known of what it takes. */
function withUnread(list: RuleList, lines: readonly NotUnderstood[]): RuleList {
  const numbers = new Map<number, DeviceRule>()
  for (const { line, text } of lines) {
    const found = unreadRule({ line, text })
    if (!found || `${found.direction}-nat` !== list.kind || numbers.has(found.number)) continue
    const doubt = { line, what: text }
    const { number } = found
    numbers.set(number, { number, match: {}, action: { kind: 'unknown' }, description: undefined, doubt, line })
  }
  if (numbers.size === 0) return list
  const rules = [...list.rules, ...numbers.values()].sort((a, b) => (a.number ?? 0) - (b.number ?? 0))
  return { ...list, rules }
}

function unreadRule({ text }: NotUnderstood): { readonly direction: string; readonly number: number } | undefined {
  const [, direction, number] = /\bnat (source|destination) rule (\d+)\b/.exec(text) ?? []
  return direction === undefined ? undefined : { direction, number: Number(number) }
}

function unreadTunnels({ tunnels }: Device, peers: readonly UnreadPeer[]): DeviceTunnel[] {
  const known = new Set(tunnels.map(({ name }) => name))
  return peers
    .filter(({ name }) => !known.has(name))
    .flatMap(({ name, addresses, line }) => {
      const [address] = addresses.flatMap((text) => Address.tryParse(text) ?? [])
      return [unreadTunnel({ name, address, line })]
    })
}

function unreadTunnel(peer: {
  readonly name: string
  readonly address: Address | undefined
  readonly line: number | undefined
}): DeviceTunnel {
  const { name, address, line } = peer
  return {
    name,
    local: { address: { kind: 'any' }, identity: undefined },
    remote: { address: address ? { kind: 'known', address } : { kind: 'any' }, identity: undefined },
    versions: [],
    ike: [],
    esp: [],
    isWhole: false,
    lifetimes: { ike: 0, esp: 0 },
    deadPeer: { action: 'clear', interval: 0, timeout: 0 },
    authentication: 'unknown',
    keyDigest: undefined,
    start: 'respond',
    forceNatTraversal: false,
    children: [],
    doubt: { line, what: `the tunnel ${name}` },
    line,
  }
}
