import { type Clamp, type GatewayRoute, Prefix, type VirtualInterface } from '@natplan/core'
import type { NotUnderstood, Parsed } from '../platform.ts'
import { type ConfigNode, readConfig } from './config-tree.ts'
import type { VyattaDialect } from './dialect.ts'
import { parseNat, usedNumbers } from './parse-nat.ts'
import { parseVpn } from './parse-vpn.ts'

/** Reads a configuration of the family: its tunnels, NAT, and what else of a policy it shows. */
export function parseVyatta(text: string, dialect: VyattaDialect): Parsed {
  return parseTree(readConfig(text), dialect)
}

export function parseTree(root: ConfigNode, dialect: VyattaDialect): Parsed {
  const { tunnels, findings } = parseVpn(root, dialect)
  const policy = {
    tunnels,
    nat: parseNat(root, dialect),
    interfaces: virtualInterfaces(root),
    routes: interfaceRoutes(root),
    clamps: clampsOf(root, dialect),
  }
  return {
    policy,
    usedNumbers: usedNumbers(root, dialect),
    otherRoutes: otherRoutes(root),
    notUnderstood: unreadIn(root, [dialect.vpnRoot, dialect.natRoot]),
    findings,
  }
}

/** The lines of the trees that natplan must understand and that nothing read. Lines with keys are shown without them. */
function unreadIn(root: ConfigNode, trees: readonly (readonly string[])[]): NotUnderstood[] {
  return trees
    .flatMap((path) => root.at(...path)?.unread() ?? [])
    .map(({ line, text }) => ({ line, text: withoutKey(text) }))
    .sort((a, b) => a.line - b.line)
}

function withoutKey(text: string): string {
  return text.replace(/((?:secret|password|key)['"]?\s+).*$/, '$1[hidden]')
}

function virtualInterfaces(root: ConfigNode): VirtualInterface[] {
  return [...(root.at('interfaces', 'virtual-feature-point')?.entries() ?? [])].map(([name, node]) => {
    const address = node.value('address')
    return { name, address: address === undefined ? undefined : Prefix.tryParse(address) }
  })
}

/** Static routes to interfaces, not those to next hops. */
function interfaceRoutes(root: ConfigNode): GatewayRoute[] {
  const routes = ['interface-route', 'interface-route6'].flatMap((list) =>
    [...(root.at('protocols', 'static', list)?.entries() ?? [])].flatMap(([text, node]) => {
      const prefix = Prefix.tryParse(text)
      const target = node.value('next-hop-interface')
      return prefix && target !== undefined ? [{ prefix, interface: target }] : []
    }),
  )
  return routes.sort((a, b) => Prefix.compare(a.prefix, b.prefix))
}

/** Static routes to next hops, to interfaces in the newer form, and into nothing. */
function otherRoutes(root: ConfigNode): { readonly prefix: Prefix; readonly via: string }[] {
  return ['route', 'route6'].flatMap((list) =>
    [...(root.at('protocols', 'static', list)?.entries() ?? [])].flatMap(([text, node]) => {
      const prefix = Prefix.tryParse(text)
      const via = node.peek('next-hop') ?? node.peek('interface') ?? (node.at('blackhole') ? 'nowhere' : undefined)
      return prefix && via !== undefined ? [{ prefix, via }] : []
    }),
  )
}

function clampsOf(root: ConfigNode, { clamp }: VyattaDialect): Clamp[] {
  const found = clamp === undefined ? [] : readers[clamp](root)
  const clamps = found.flatMap(({ interface: target, text }) =>
    /^\d{1,5}$/.test(text ?? '') ? [{ interface: target, mss: Number(text) }] : [],
  )
  return clamps.sort((a, b) => compareText(a.interface ?? '', b.interface ?? ''))
}

interface WrittenClamp {
  readonly interface: string | undefined
  readonly text: string | undefined
}

const readers: Record<NonNullable<VyattaDialect['clamp']>, (root: ConfigNode) => WrittenClamp[]> = {
  interface: (root) =>
    [...(root.at('interfaces')?.entries() ?? [])].flatMap(([, kind]) =>
      [...kind.entries()].flatMap(([name, node]) => [
        { interface: name, text: node.value('ip', 'adjust-mss') },
        ...[...(node.at('vif')?.entries() ?? [])].map(([vlan, vif]) => ({
          interface: `${name}.${vlan}`,
          text: vif.value('ip', 'adjust-mss'),
        })),
      ]),
    ),
  'firewall-options': (root) =>
    [...(root.at('firewall', 'options', 'interface')?.entries() ?? [])].map(([name, node]) => ({
      interface: name,
      text: node.value('adjust-mss'),
    })),
  virtual: (root) =>
    [...(root.at('interfaces', 'virtual-feature-point')?.entries() ?? [])].map(([name, node]) => ({
      interface: name,
      text: node.value('ip', 'tcp-mss', 'limit'),
    })),
  'mss-clamp': (root) => [{ interface: undefined, text: root.at('firewall', 'options', 'mss-clamp')?.value('mss') }],
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
