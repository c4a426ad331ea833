import type { Address } from '../address/address.ts'
import { type Bits, distance, offsetBy } from '../address/bits.ts'
import { Prefix } from '../address/prefix.ts'
import { PrefixSet } from '../address/prefix-set.ts'
import type { Device, DeviceInterface, DeviceRule, RuleList, TunnelChild } from '../device/device.ts'
import { interfaceNamed, mainTable } from '../device/next-hop.ts'
import { prefixOf } from '../match/prefix-of.ts'
import { RangeSet } from '../match/range-set.ts'
import { takesName } from '../match/takes.ts'

/** A child as the hosts behind its gateway see it. */
export interface SeenChild {
  /** The child itself, or what of it lies across a pair of interfaces, by the names and the interface that it has on this side. */
  readonly child: TunnelChild
  /** The part of the remote prefix that it stands for. */
  readonly wire: Prefix
  /** Many hosts of the peer have few addresses here, so that nobody calls them by those. */
  readonly isHidden?: true
}

/** Two names of addresses of a peer. */
interface FarMap {
  /** What hosts here call it. */
  readonly visible: Prefix
  /** What the tunnel carries. */
  readonly wire: Prefix
  readonly isHidden?: true
}

/** Between the hosts and a tunnel lies a pair of interfaces: `far` is its end in the tunnel's routing table. */
interface Across {
  readonly near: string
  readonly far: string
}

const known = new WeakMap<Device, Map<TunnelChild, readonly SeenChild[]>>()

/** What hosts see of a child: where a gateway renames its peer across a pair of interfaces, the renamed parts and what is left. */
export function seenChildren(device: Device, child: TunnelChild): readonly SeenChild[] {
  const made = known.get(device) ?? new Map<TunnelChild, readonly SeenChild[]>()
  known.set(device, made)
  const seen = made.get(child) ?? findSeen(device, child)
  made.set(child, seen)
  return seen
}

/** The children of all tunnels that protect, as hosts see them. */
export function seenByHosts(device: Device): TunnelChild[] {
  return device.tunnels.flatMap(({ children }) =>
    children
      .filter(({ kind }) => kind === 'protect')
      .flatMap((child) => seenChildren(device, child).map((seen) => seen.child)),
  )
}

/** By which address hosts here call one that a child carries; `undefined` where they do not. */
export function visibleName(device: Device, child: TunnelChild, name: Address): Address | undefined {
  const seen = seenChildren(device, child).find(({ wire, isHidden }) => !isHidden && wire.contains(name))
  return seen?.child.remote.at(offsetBy(name.bits, -seen.wire.bits as Bits))
}

function findSeen(device: Device, child: TunnelChild): readonly SeenChild[] {
  const across = acrossTo(device, child)
  const [first] = across
  if (!first) return [{ child, wire: child.remote }]
  const mapped = across.flatMap(({ near, far }) =>
    farMapsAt(device, far, child.local).flatMap((map): SeenChild[] => {
      const part = partOf(map, child.remote)
      return part ? [{ ...part, child: renamed(child, part.visible, near) }] : []
    }),
  )
  const distinct = [...new Map(mapped.map((one) => [`${one.child.remote} ${one.wire}`, one])).values()]
  const isAll = child.remote.length === 0 && distinct.length > 0
  const left = isAll || isOpenAt(device, across) ? [] : restOf(child.remote, distinct)
  return [...distinct, ...left.map((wire) => ({ child: renamed(child, wire, first.near), wire }))]
}

function renamed(child: TunnelChild, remote: Prefix, near: string): TunnelChild {
  return { ...child, remote, through: { kind: 'route', interface: near } }
}

function restOf(remote: Prefix, mapped: readonly SeenChild[]): Prefix[] {
  return PrefixSet.of([remote])
    .subtract(PrefixSet.of(mapped.map(({ wire }) => wire)))
    .prefixes()
}

/** The pairs that lead into the routing table of a child's virtual interface. */
function acrossTo(device: Device, { through }: TunnelChild): readonly Across[] {
  if (through?.kind !== 'route') return []
  const { tables, across } = pairsOf(device)
  return across.get(tables.get(through.interface) ?? '') ?? []
}

interface Pairs {
  /** The routing table of each interface. */
  readonly tables: ReadonlyMap<string, string>
  /** By the routing table of the far ends. */
  readonly across: ReadonlyMap<string, readonly Across[]>
}

const pairs = new WeakMap<Device, Pairs>()

function pairsOf(device: Device): Pairs {
  const found = pairs.get(device)
  if (found) return found
  const across = new Map<string, Across[]>()
  for (const { name, joins, table } of device.interfaces) {
    const near = joins === undefined ? undefined : interfaceNamed(device, joins)
    if (!near || near.table === table || !hasNeighbours(device, near.table)) continue
    across.set(table, [...(across.get(table) ?? []), { near: near.name, far: name }])
  }
  const made = { tables: new Map(device.interfaces.map(({ name, table }) => [name, table])), across }
  pairs.set(device, made)
  return made
}

/** Reports whether somebody may be behind a routing table: one that has nothing but tunnels and pairs only hands on. */
function hasNeighbours({ interfaces }: Device, table: string): boolean {
  const isThere = ({ kind, joins }: DeviceInterface) => kind !== 'virtual' && kind !== 'loopback' && joins === undefined
  return table === mainTable || interfaces.some((one) => one.table === table && isThere(one))
}

/** Reports whether something that is asked at the far ends may rename as well, and was not understood. */
function isOpenAt({ lists, unread }: Device, across: readonly Across[]): boolean {
  const isOpen = ({ doubt, match, action }: DeviceRule) =>
    doubt !== undefined || match.unknown !== undefined || action.kind === 'unknown'
  return (
    unread.some(({ touches, isPlaced }) => !isPlaced && (touches === 'nat' || touches === 'anything')) ||
    across.some(({ far }) =>
      lists.some(({ kind, rules }) => rules.some((rule) => isOpen(rule) && isAskedAt(kind, rule, far))),
    )
  )
}

function isAskedAt(kind: RuleList['kind'], { match }: DeviceRule, name: string): boolean {
  if (kind === 'filter') return false
  const asked = kind === 'source-nat' ? match.out : match.in
  return asked === undefined || takesName(asked, name)
}

/** Those for packets between a peer and what the tunnel calls this site. */
function farMapsAt({ lists }: Device, far: string, local: Prefix): FarMap[] {
  const own = RangeSet.ofPrefixes([local])
  return lists.flatMap(({ kind, rules }) =>
    rules.flatMap((rule): FarMap[] => {
      const { action, match } = rule
      if (!isAskedAt(kind, rule, far) || match.destinationPort) return []
      const opposite = kind === 'source-nat' ? match.destination : match.source
      if (opposite?.intersect(own).isEmpty) return []
      const matched = prefixOf(kind === 'source-nat' ? match.source : match.destination)
      const made = prefixOf(rangesOf(action))
      if (!matched || !made || matched.equals(made)) return []
      if (kind === 'source-nat' && made.length > matched.length)
        return [{ visible: made, wire: matched, isHidden: true }]
      if (action.kind !== 'map' || matched.length !== made.length) return []
      return kind === 'source-nat' ? [{ visible: made, wire: matched }] : [{ visible: matched, wire: made }]
    }),
  )
}

/** The addresses that a rule gives, where it names them. */
function rangesOf(action: DeviceRule['action']): RangeSet | undefined {
  if (action.kind === 'map') return RangeSet.ofPrefixes([action.to])
  return action.kind === 'pool' ? RangeSet.of([{ first: action.first.bits, last: action.last.bits }]) : undefined
}

function partOf(map: FarMap, remote: Prefix): FarMap | undefined {
  const { visible, wire, isHidden } = map
  if (remote.contains(wire)) return map
  if (!wire.contains(remote)) return undefined
  if (isHidden) return { ...map, wire: remote }
  return {
    visible: Prefix.fromBits(offsetBy(visible.bits, distance(wire.bits, remote.bits)), remote.length),
    wire: remote,
  }
}

const ends = new WeakMap<Device, ReadonlySet<string>>()

/** The interfaces where a peer is renamed and not the site: ends of pairs in the routing table of a tunnel. */
function farEnds(device: Device): ReadonlySet<string> {
  const found = ends.get(device)
  if (found) return found
  const all = device.tunnels.flatMap(({ children }) => children.flatMap((child) => acrossTo(device, child)))
  const made = new Set(all.map(({ far }) => far))
  ends.set(device, made)
  return made
}

/** Reports whether a rule of NAT is asked only where peers are renamed. */
export function isForFarNames(device: Device, kind: RuleList['kind'], { match }: Pick<DeviceRule, 'match'>): boolean {
  const asked = kind === 'source-nat' ? match.out : match.in
  if (!asked || asked.negated || kind === 'filter') return false
  const far = farEnds(device)
  return asked.names.every((name) => far.has(name))
}
