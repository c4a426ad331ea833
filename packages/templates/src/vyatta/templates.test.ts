import { describe, expect, it } from 'vitest'
import { parseTemplate } from '../parse-template.ts'
import { platformModules } from '../platforms/all.ts'
import type { TemplatePieces } from '../template.ts'
import type { VyattaView } from './view.ts'

const nat = {
  number: 1,
  description: 'd',
  interface: 'eth1',
  isBound: false,
  source: 's',
  destination: 'd',
  translation: 't',
  protocol: 'tcp',
  port: 443,
  toPort: 8443,
}

const route = {
  node: 'route',
  interfaceNode: 'interface-route',
  family: 'ip',
  prefix: '10.0.0.0/25',
  interface: 'vti100',
  via: '169.254.64.201',
  isNowhere: true,
  distance: 254,
  description: 'out of the LAN of a',
}

const clamp = { kind: 'ethernet', name: 'eth1', vif: '7', mss: 1382 }

/** A view in which every list has an item, so that every path of a template leads somewhere. */
const view: VyattaView = {
  site: 'a',
  outside: 'eth1',
  outsides: [{ name: 'eth1' }],
  nodes: [{ node: 'route', prefix: '10.0.0.0/25' }],
  interfaceNodes: [{ node: 'interface-route', prefix: '10.0.0.0/25' }],
  otherNodes: [{ node: 'route', prefix: '10.0.0.0/25' }],
  clamps: [clamp],
  ownClamps: [clamp],
  replacedClamps: [{ ...clamp, former: 1400 }],
  addedClamps: [clamp],
  unknownClamps: [clamp],
  interfaces: [
    {
      kind: 'virtual-ethernet',
      name: 'veth201',
      address: '169.254.64.201/31',
      description: 'a to b',
      vrf: 'natplan100',
      joins: 'veth200',
    },
  ],
  routes: [route],
  vrfs: [{ name: 'natplan100', table: 1100, routes: [route] }],
  isRouted: true,
  proxied: [{ address: '10.0.1.250', interface: 'eth1' }],
  proxying: [{ kind: 'ethernet', name: 'eth1', vif: undefined }],
  destinations: [nat],
  sources: [nat],
  groups: [
    {
      name: 'natplan-b',
      ikeVersion: 'ikev2',
      ikeLifetime: 1,
      ikeEncryption: 'aes256',
      ikeHash: 'sha256',
      ikeDhGroup: 14,
      closeAction: 'start',
      deadPeerAction: 'restart',
      deadPeerInterval: 1,
      deadPeerTimeout: 1,
      espLifetime: 1,
      espEncryption: 'aes256',
      espHash: 'sha256',
      pfs: 'dh-group14',
      hasKey: true,
    },
  ],
  peers: [
    {
      key: 'natplan-b',
      peer: 'b',
      group: 'natplan-b',
      localAddress: '192.0.2.1',
      dhcpInterface: 'eth1',
      localIdentity: '192.0.2.1',
      remoteAddress: '192.0.2.2',
      remoteIdentity: '192.0.2.2',
      from: '192.0.2.2',
      certificate: { certificate: 'a', ca: 'ca', keyFile: 'a.key' },
      start: 'respond',
      forceNatTraversal: true,
      secret: 'secret',
      bind: 'vti100',
      tunnels: [{ number: 1, local: '10.0.0.0/24', remote: '10.1.0.0/24', interface: 'vfp0' }],
    },
  ],
  initiators: [{ key: 'natplan-b' }],
  discards: [{ node: 'route', prefix: '192.168.2.0/24' }],
  trials: [{ from: '10.0.0.5', to: '10.1.0.5', peer: 'b' }],
}

/** All that is wrong with the names of a template, with both branches of every block looked at. */
function problemsIn(pieces: TemplatePieces, contexts: readonly unknown[]): string[] {
  return pieces.flatMap((piece) => {
    if (typeof piece === 'string') return []
    const [helper, name, then = [], otherwise = []] = piece
    if (helper === 'v') return pathProblems(name, contexts)
    const below = helper === 'each' ? [valueAt<readonly unknown[]>(name, contexts)?.[0], ...contexts] : contexts
    return [...pathProblems(name, contexts), ...problemsIn(then, below), ...problemsIn(otherwise, contexts)]
  })
}

function pathProblems(path: string, contexts: readonly unknown[]): string[] {
  const { context, name } = placeOf(path, contexts)
  const isThere = typeof context === 'object' && context !== null && Object.hasOwn(context, name)
  return isThere ? [] : [`the view has no ${path}`]
}

function valueAt<T>(path: string, contexts: readonly unknown[]): T | undefined {
  const { context, name } = placeOf(path, contexts)
  return (context as Record<string, T> | undefined)?.[name]
}

function placeOf(path: string, contexts: readonly unknown[]) {
  const steps = path.split('/')
  return { context: contexts[steps.length - 1], name: steps.at(-1)?.split('.')[0] ?? '' }
}

const family = platformModules.filter(({ platform, readDevice }) => platform !== 'linux' && readDevice !== undefined)
const all = family.flatMap(({ platform, templates }) =>
  Object.entries(templates).map(([name, pieces]) => [`${platform}/${name}`, pieces] as const),
)

describe('the templates of the family', () => {
  it('are three for each platform', () => {
    expect(all).toHaveLength(3 * family.length)
  })

  it.each(all)('%s prints only what the view has', (_, pieces) => {
    expect(problemsIn(pieces, [view])).toEqual([])
  })

  it('are found out when they do not', () => {
    const wrong = parseTemplate('{{#if typo}}{{/if}}{{#each peers}}{{v site}}{{/each}}')
    expect(problemsIn(wrong, [view])).toEqual(['the view has no typo', 'the view has no site'])
  })
})
