import {
  connectedNetworks,
  type Inference,
  isSingleIdentity,
  type NamedAddress,
  privateSpace,
  type WorldSite,
  type WrittenSite,
} from '@natplan/core'
import type { Reason } from '../imported.ts'
import { endAt, endBeyond, type JoinedTunnel } from './joined-tunnels.ts'

export type WrittenGateway = NonNullable<WrittenSite['gateway']>
type Outside = WrittenGateway['outside']

/** A reason for a value below the gateway. */
type GatewayReason = Omit<Reason, 'file'>

interface Found {
  readonly gateway: WrittenGateway
  readonly reasons: readonly GatewayReason[]
}

const defaultVirtualInterface = { name: 'vfp0', address: '169.254.123.123' }

/** The gateway of a site that shows its configuration. */
export function shownGateway(
  site: WorldSite,
  { tunnels, inferred }: { readonly tunnels: readonly JoinedTunnel[]; readonly inferred: readonly Inference[] },
): Found {
  const { device, sides } = site
  const because = (kind: Inference['kind'], value: string | undefined) =>
    inferred.find((one) => one.kind === kind && one.value === value)?.because
  const outside = outsideOf(site, tunnels)
  const identity = identityOf(site, tunnels, outside)
  const called = because('public-address', textOf(outside.publicAddress))
  const reasons: GatewayReason[] = [
    ...reasonFor(['outside', 'interface'], because('outside', outside.interface)),
    ...reasonFor(['outside', 'publicAddress'], outside.publicAddress === undefined ? undefined : called),
    ...reasonFor(['inside', 'interface'], because('inside', sides.inside)),
  ]
  return {
    gateway: {
      platform: device.platform,
      outside,
      ...(sides.inside === undefined ? {} : { inside: { interface: sides.inside } }),
      ...(identity === undefined ? {} : { identity }),
      ...virtualInterfaceOf(site),
    },
    reasons,
  }
}

function reasonFor(path: GatewayReason['path'], text: string | undefined): GatewayReason[] {
  return text === undefined ? [] : [{ path, text }]
}

function textOf(address: Outside['publicAddress']): string | undefined {
  return typeof address === 'object' ? address.host : address
}

function outsideOf(site: WorldSite, tunnels: readonly JoinedTunnel[]): Outside {
  const locals = tunnels.flatMap((tunnel) => endAt(tunnel, site.name)?.tunnel.local.address ?? [])
  const address = locals.find(({ kind }) => kind === 'known') ?? locals[0]
  const name = interfaceOf(site, address)
  const named = tunnels.flatMap((tunnel) => endBeyond(tunnel, site.name)?.tunnel.remote.address ?? [])
  const own = ownAddress(site, address, { name, named })
  const called = calledAddress(site, { named, own })
  const isHost = own === 'dynamic' && typeof called === 'object'
  return {
    ...(name === undefined ? {} : { interface: name }),
    address: isHost ? called : own,
    ...(isHost || called === undefined || called === own ? {} : { publicAddress: called }),
  }
}

function interfaceOf({ device, sides }: WorldSite, local: NamedAddress | undefined): string | undefined {
  if (local?.kind === 'dynamic' && local.interface !== undefined) return local.interface
  const holding =
    local?.kind === 'known' && connectedNetworks(device).find(({ address }) => address.equals(local.address))
  return holding && holding.interface.kind === 'physical' ? holding.interface.name : sides.uplinks[0]
}

/** What an interface shows may be what it happens to have: it counts where no peer says that it changes. */
function ownAddress(
  { device }: WorldSite,
  local: NamedAddress | undefined,
  { name, named }: { readonly name: string | undefined; readonly named: readonly NamedAddress[] },
): Outside['address'] {
  if (local?.kind === 'known') return String(local.address)
  const shown = connectedNetworks(device).find((network) => network.interface.name === name)
  const isCalled = named.length === 0 || named.some(({ kind }) => kind === 'known')
  return shown && local?.kind !== 'dynamic' && isCalled ? String(shown.address) : 'dynamic'
}

/** What peers send to, where that is not the address that the gateway has. */
function calledAddress(
  site: WorldSite,
  { named, own }: { readonly named: readonly NamedAddress[]; readonly own: Outside['address'] },
): Outside['publicAddress'] {
  const reached = site.reachedAt?.find((one) => String(one.own) === own)
  if (reached) return String(reached.address)
  const host = named.find(({ kind }) => kind === 'host')
  if (host?.kind === 'host') return { host: host.name }
  const isPrivate = site.addresses.some((address) => String(address) === own && privateSpace.contains(address))
  const isNeverCalled = named.length > 0 && named.every(({ kind }) => kind === 'any')
  return isPrivate && isNeverCalled ? 'dynamic' : undefined
}

/** Missing where it is what peers send to. */
function identityOf(site: WorldSite, tunnels: readonly JoinedTunnel[], outside: Outside): string | undefined {
  const own = tunnels.flatMap((tunnel) => endAt(tunnel, site.name)?.tunnel.local.identity ?? [])
  const expected = tunnels.flatMap((tunnel) => endBeyond(tunnel, site.name)?.tunnel.remote.identity ?? [])
  const found = [...own, ...expected].find(isSingleIdentity)
  return found === textOf(outside.publicAddress ?? outside.address) ? undefined : found
}

function virtualInterfaceOf({ device }: WorldSite): Pick<WrittenGateway, 'virtualInterface'> {
  const children = device.tunnels.flatMap((tunnel) => tunnel.children)
  const name = children.find(({ through }) => through?.kind === 'feature')?.through?.interface
  if (name === undefined) return {}
  const [known] = device.interfaces.find((one) => one.name === name)?.addresses ?? []
  const address = known?.kind === 'known' ? String(known.address) : defaultVirtualInterface.address
  const written = {
    ...(name === defaultVirtualInterface.name ? {} : { name }),
    ...(address === defaultVirtualInterface.address ? {} : { address }),
  }
  return Object.keys(written).length === 0 ? {} : { virtualInterface: written }
}

/** The gateway of a peer of which only the other end is known. */
export function peerGateway({ here }: JoinedTunnel): WrittenGateway {
  const { address, identity } = here.tunnel.remote
  const called = address.kind === 'known' ? String(address.address) : address.kind === 'host' ? address.name : undefined
  const isNamed = identity !== undefined && isSingleIdentity(identity) && identity !== called
  return {
    platform: 'generic',
    outside: {
      interface: 'wan',
      address: called === undefined ? 'dynamic' : address.kind === 'host' ? { host: called } : called,
    },
    ...(isNamed ? { identity } : {}),
  }
}
