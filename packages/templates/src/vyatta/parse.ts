import type { NatRule, ParsedTunnel } from '@natplan/core'
import type { NotUnderstood, Parsed } from '../platform.ts'
import { shownLine } from '../shown-line.ts'
import type { ConfigNode } from './config-tree.ts'
import type { VyattaDialect } from './dialect.ts'
import { Lines } from './lines.ts'
import { clampsOf, interfaceAddresses, virtualInterfaces } from './parse-interfaces.ts'
import { parseNat, usedNumbers } from './parse-nat.ts'
import { interfaceRoutes, otherRoutes } from './parse-routes.ts'
import { parseVpn } from './parse-vpn.ts'
import { readConfig } from './read-config.ts'
import { steeringLines } from './steering.ts'

/** Translation that natplan does not read, beside what the dialect's own trees hold. */
const otherTranslation = [['nat'], ['service', 'nat'], ['nat66'], ['nat64'], ['port-forward']] as const

/** The dialect's own tree first; one within another, or twice, would report its lines twice. */
function translationTrees({ natRoot }: VyattaDialect): (readonly string[])[] {
  return [natRoot, ...otherTranslation.filter((path) => path.join(' ') !== natRoot.join(' '))]
}

interface ReadTree {
  readonly root: ConfigNode
  readonly stray?: readonly NotUnderstood[]
}

/** Reads a configuration of the family: its tunnels, NAT, and what else of a policy it shows. */
export function parseVyatta(text: string, dialect: VyattaDialect): Parsed {
  return parseTree(readConfig(text), dialect)
}

/** `stray` is what of the text stands in no tree. */
export function parseTree({ root, stray = [] }: ReadTree, dialect: VyattaDialect): Parsed {
  const lines = new Lines()
  const { tunnels, keys, proposals, findings } = parseVpn(root, { dialect, lines })
  const policy = {
    tunnels,
    nat: [...excludedByVpn(root, { dialect, lines, tunnels }), ...parseNat(root, { dialect, lines })],
    interfaces: virtualInterfaces(root, lines),
    routes: interfaceRoutes(root, lines),
    clamps: clampsOf(root, { dialect, lines }),
  }
  return {
    policy,
    lines: lines.all,
    keys,
    proposals,
    addresses: interfaceAddresses(root),
    usedNumbers: usedNumbers(root, dialect),
    otherRoutes: otherRoutes(root),
    notUnderstood: unreadIn(root, [dialect.vpnRoot, ...translationTrees(dialect)], stray),
    findings,
  }
}

/**
 * `auto-firewall-nat-exclude` lets packets from the local to the remote prefix of each tunnel pass in front of all source rules. The device
 * gives these rules no number; 0 comes before all others.
 */
function excludedByVpn(
  root: ConfigNode,
  { dialect, lines, tunnels }: { dialect: VyattaDialect; lines: Lines; tunnels: readonly ParsedTunnel[] },
): NatRule[] {
  const node = root.at(...dialect.vpnRoot, 'auto-firewall-nat-exclude')
  if (!node?.at('enable')) return []
  const selectors = tunnels.flatMap((tunnel) => tunnel.selectors)
  return selectors.map(({ local, remote }) =>
    lines.keep(
      {
        direction: 'source',
        number: 0,
        interface: undefined,
        protocol: undefined,
        description: undefined,
        source: { kind: 'prefix', prefix: local, negated: false },
        destination: { kind: 'prefix', prefix: remote, negated: false },
        action: { kind: 'exempt' },
      },
      node,
    ),
  )
}

/**
 * The lines of the trees that natplan must understand and that nothing read, and those that send packets round its routes. Lines with
 * keys are shown without them.
 */
function unreadIn(
  root: ConfigNode,
  trees: readonly (readonly string[])[],
  stray: readonly NotUnderstood[],
): NotUnderstood[] {
  return [...trees.flatMap((path) => root.at(...path)?.unread() ?? []), ...steeringLines(root), ...stray]
    .map(({ line, text }) => ({ line, text: shownLine(text) }))
    .sort((a, b) => a.line - b.line)
}
