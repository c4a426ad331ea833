import { isSameName, textOf } from '../address/named-address.ts'
import type { Device, DeviceEnd, DeviceTunnel, TunnelChild } from '../device/device.ts'
import type { GatewayPolicy, Selector, TunnelEnd, TunnelPolicy } from './gateway-policy.ts'
import { otherNumbers } from './tunnel-places.ts'
import type { Unfulfilled } from './unfulfilled.ts'

/** What of the tunnels of a policy a device does not do, and what tunnels of others take from them. */
export function unfulfilledTunnels(device: Device, policy: GatewayPolicy): Unfulfilled[] {
  const own = new Map(policy.tunnels.map((wanted) => [wanted, ownTunnel(device, wanted)]))
  const foreign = device.tunnels.filter((tunnel) => ![...own.values()].includes(tunnel))
  return [
    ...policy.tunnels.flatMap((wanted) => unfulfilledTunnel(own.get(wanted), wanted)),
    ...foreign.flatMap((tunnel) => clashOf(tunnel, policy)),
    ...[...own.values()].flatMap((tunnel) => (tunnel ? passedPairs(tunnel, policy) : [])),
  ]
}

/** The tunnel that natplan made for a peer: of several with its name the one that is most like it. */
function ownTunnel({ tunnels }: Device, wanted: TunnelPolicy): DeviceTunnel | undefined {
  const named = tunnels.filter(({ name }) => name === wanted.peer)
  const differing = (tunnel: DeviceTunnel) => differingTerms(tunnel, wanted).length + missing(tunnel, wanted).length
  return named.sort((a, b) => differing(a) - differing(b))[0]
}

function unfulfilledTunnel(tunnel: DeviceTunnel | undefined, wanted: TunnelPolicy): Unfulfilled[] {
  const { peer } = wanted
  if (!tunnel) {
    return [
      { kind: 'tunnel', what: `there is no tunnel to ${peer}`, hint: undefined, isCertain: true, line: undefined },
    ]
  }
  const { line, doubt } = tunnel
  if (doubt) {
    const what = `the tunnel to ${peer} is not understood: ${doubt.what}`
    return [{ kind: 'tunnel', what, hint: undefined, isCertain: false, line: doubt.line ?? line }]
  }
  return [
    ...differingTerms(tunnel, wanted).map(
      ({ term, isCertain }): Unfulfilled => ({
        kind: 'terms',
        what: `the tunnel to ${peer} ${isCertain ? 'has another' : 'may have another'} ${term}`,
        hint: undefined,
        isCertain,
        line,
      }),
    ),
    ...missing(tunnel, wanted).map(
      ({ local, remote }): Unfulfilled => ({
        kind: 'selector',
        what: `the tunnel to ${peer} does not carry ${local} to ${remote}`,
        hint: undefined,
        isCertain: true,
        line,
      }),
    ),
  ]
}

/** Something that a tunnel has otherwise than a policy. */
export interface DifferingTerm {
  readonly term: string
  /** Both ends must have the same of it, or the tunnel does not come up. */
  readonly isShared: boolean
  /** `false`: what the device has is not known. */
  readonly isCertain: boolean
}

export function differingTerms(tunnel: DeviceTunnel, wanted: TunnelPolicy): DifferingTerm[] {
  const { ike, esp } = wanted
  const shared: [string, Same][] = [
    ['local address', sameAddress(tunnel.local, wanted.local)],
    ['remote address', sameAddress(tunnel.remote, wanted.remote)],
    ['local identity', sameIdentity(tunnel.local, wanted.local)],
    ['remote identity', sameIdentity(tunnel.remote, wanted.remote)],
    ['IKE version', tunnel.versions[0] === ike.version],
    ['IKE proposal', offersIke(tunnel, wanted) || unlessPartial(tunnel)],
    ['ESP proposal', offersEsp(tunnel, wanted) || unlessPartial(tunnel)],
    ['authentication', sameAuthentication(tunnel, wanted)],
  ]
  const own: [string, Same][] = [
    ['certificate', sameCertificate(tunnel, wanted)],
    ['IKE lifetime', tunnel.lifetimes.ike === ike.lifetime],
    ['ESP lifetime', tunnel.lifetimes.esp === esp.lifetime],
    ['dead peer detection', isSameDeadPeer(tunnel, wanted)],
    ['start', tunnel.start === wanted.start],
    ['NAT traversal', tunnel.forceNatTraversal === wanted.forceNatTraversal],
  ]
  const differing = (terms: readonly [string, Same][], isShared: boolean) =>
    terms.filter(([, same]) => same !== true).map(([term, same]) => ({ term, isShared, isCertain: same === false }))
  return [...differing(shared, true), ...differing(own, false)]
}

type Same = boolean | 'unknown'

/** An end that takes any address takes whatever its interface gets. */
function sameAddress({ address }: DeviceEnd, { address: wanted }: TunnelEnd): Same {
  if (isSameName(address, wanted)) return true
  if (wanted.kind === 'dynamic') return address.kind === 'any'
  return address.kind === 'known' && wanted.kind !== 'host' ? false : 'unknown'
}

function sameAuthentication({ authentication, expects }: DeviceTunnel, wanted: TunnelPolicy): Same {
  const ways = [authentication, expects ?? authentication]
  if (ways.some((way) => way !== 'unknown' && way !== wanted.authentication.kind)) return false
  return ways.includes('unknown') ? 'unknown' : true
}

/** What the device does not tell is not held against it. */
function sameCertificate({ certificates }: DeviceTunnel, { authentication }: TunnelPolicy): Same {
  if (authentication.kind !== 'certificate' || !certificates) return true
  const { certificate, ca } = authentication.names
  return certificates.certificate === certificate && certificates.ca === ca
}

function sameIdentity({ identity }: DeviceEnd, wanted: TunnelEnd): Same {
  return identity === undefined ? 'unknown' : identity === wanted.identity
}

function unlessPartial({ isWhole }: DeviceTunnel): Same {
  return isWhole ? false : 'unknown'
}

/** With an integrity of its own, a cipher leaves the hash to the PRF; one that is not written is not told apart. */
function offersIke({ ike: [first] }: DeviceTunnel, { ike }: TunnelPolicy): boolean {
  const prf = first?.prf ?? first?.hash
  return (
    first?.encryption === ike.encryption && first.dhGroup === ike.dhGroup && (prf === undefined || prf === ike.hash)
  )
}

function offersEsp({ esp: [first] }: DeviceTunnel, { esp }: TunnelPolicy): boolean {
  return first?.encryption === esp.encryption && first.hash === esp.hash && first.dhGroup === esp.dhGroup
}

function isSameDeadPeer({ deadPeer }: DeviceTunnel, { ike: { deadPeer: wanted } }: TunnelPolicy): boolean {
  return (
    deadPeer.action === wanted.action && deadPeer.interval === wanted.interval && deadPeer.timeout === wanted.timeout
  )
}

function missing({ children }: DeviceTunnel, { selectors, through }: TunnelPolicy): Selector[] {
  const own = children.filter(
    (child) => child.kind === 'protect' && child.only === undefined && child.through?.interface === through?.interface,
  )
  const carries = through?.kind === 'route' && through.takes === 'any' ? takesAll : takesPair
  return selectors.filter((selector) => !own.some((child) => carries(child, selector)))
}

function takesAll({ local, remote }: TunnelChild, selector: Selector): boolean {
  return [local, remote].every(({ length }) => length === 0) && local.family === selector.local.family
}

function takesPair(child: TunnelChild, { number, local, remote }: Selector): boolean {
  const isNumbered = child.number === undefined || child.number === number
  return isNumbered && child.local.equals(local) && child.remote.equals(remote)
}

function clashOf(tunnel: DeviceTunnel, policy: GatewayPolicy): Unfulfilled[] {
  const { site, tunnels } = policy
  const hint = 'remove the old tunnel first'
  for (const wanted of tunnels) {
    const same = isSamePeer(tunnel, wanted)
    if (same === false) continue
    const { peer, remote } = wanted
    const end = tunnel.doubt ? ', which is not complete' : `, called ${tunnel.name}`
    const what =
      same === true
        ? `${site} has a tunnel to ${textOf(remote.address)} already${end}; natplan's for ${peer} ends there too`
        : `${site} has a tunnel already${end}, for the identity ${remote.identity}; natplan's for ${peer} has it too`
    return [{ kind: 'peer', what, hint, isCertain: same === true, line: tunnel.line }]
  }
  return [...sharedInterface(tunnel, policy), ...sharedPairs(tunnel, policy)]
}

/** A virtual interface has one tunnel. */
function sharedInterface({ name, children, line }: DeviceTunnel, { site, interfaces }: GatewayPolicy): Unfulfilled[] {
  const bound = new Set(children.map(({ through }) => through?.interface))
  const found = interfaces.find((one) => one.kind === 'tunnel' && bound.has(one.name))
  if (!found) return []
  const what = `the tunnel ${name} of ${site} is bound to ${found.name}, which natplan's to ${found.peer} is to have`
  const hint = otherNumbers
  return [{ kind: 'interface', what, hint, isCertain: true, line }]
}

/** By the address; where that is not known, by the identity. */
function isSamePeer({ remote }: DeviceTunnel, wanted: TunnelPolicy): Same {
  if (remote.address.kind === 'known' && wanted.remote.address.kind === 'known') {
    return remote.address.address.equals(wanted.remote.address.address)
  }
  if (remote.address.kind === 'host' && isSameName(remote.address, wanted.remote.address)) return true
  return remote.identity !== undefined && remote.identity === wanted.remote.identity ? 'unknown' : false
}

/** A tunnel that takes only what is routed into it takes nothing from others. */
function sharedPairs(tunnel: DeviceTunnel, policy: GatewayPolicy): Unfulfilled[] {
  const found = meeting(
    tunnel.children.filter(({ through }) => through?.kind !== 'route'),
    policy,
  )
  if (!found) return []
  const what = `the tunnel ${tunnel.name} of ${policy.site} carries prefixes that natplan's tunnel to ${found.peer} carries too`
  const hint = 'narrow or remove the prefixes of the old tunnel'
  return [{ kind: 'pair-shared', what, hint, isCertain: true, line: found.child.line ?? tunnel.line }]
}

/** Packets that a child of the own tunnel lets by or drops. */
function passedPairs(tunnel: DeviceTunnel, policy: GatewayPolicy): Unfulfilled[] {
  const found = meeting(
    tunnel.children.filter(({ kind }) => kind !== 'protect'),
    policy,
  )
  if (!found) return []
  const { child, peer } = found
  const what = `${child.name} of ${policy.site} ${child.kind === 'pass' ? 'lets packets by' : 'drops packets'} that natplan's tunnel to ${peer} carries`
  return [{ kind: 'pair-shared', what, hint: undefined, isCertain: true, line: child.line ?? tunnel.line }]
}

function meeting(children: readonly TunnelChild[], { tunnels }: GatewayPolicy) {
  for (const child of children) {
    const tunnel = tunnels.find(({ selectors }) =>
      selectors.some((own) => child.remote.overlaps(own.remote) && child.local.overlaps(own.local)),
    )
    if (tunnel) return { child, peer: tunnel.peer }
  }
  return undefined
}
