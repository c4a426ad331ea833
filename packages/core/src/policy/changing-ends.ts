import { type Finding, findingOf, inPlan, type Path } from '../finding.ts'
import type { Gateway, Start, Tunnel, TunnelSettings } from '../network/network.ts'
import { abilities } from './abilities.ts'
import type { GatewaySite } from './gateway-site.ts'

/** Reports whether a peer can begin: the address that it would call stands still, or has a name. */
export function canBeCalled({ gateway }: Pick<GatewaySite, 'gateway'>): boolean {
  return gateway.outside.publicAddress.kind !== 'dynamic'
}

export function hasFixedAddress({ gateway }: Pick<GatewaySite, 'gateway'>): boolean {
  return gateway.outside.publicAddress.kind === 'known'
}

/** How the plan wants a gateway to start its tunnel; `undefined` for whatever fits. */
export function writtenStart({ start }: TunnelSettings, { name }: GatewaySite): Start | undefined {
  return typeof start === 'string' ? start : start?.get(name)
}

/** Where an address changes, the end that has it calls the other one: a trap there would leave the other end waiting for a packet. */
export function fittingStart(site: GatewaySite, peer: GatewaySite): Start {
  if (!canBeCalled(peer)) return 'respond'
  return hasFixedAddress(site) && hasFixedAddress(peer) ? 'trap' : 'initiate'
}

interface Place {
  readonly settings: TunnelSettings
  readonly path: Path
}

/** What is wrong with a tunnel, one end of which changes its address. */
export function changingEndFindings(
  ends: readonly [GatewaySite, GatewaySite],
  { settings, path }: Place,
): readonly Finding[] {
  const [one, other] = ends
  if (!ends.some(canBeCalled)) {
    const message = `the addresses of ${one.name} and ${other.name} both change, so that neither can call the other`
    const hint = 'give one of them a fixed address, or a host name: outside.address: { host: NAME }'
    return [findingOf('TUNNEL_ENDS_CHANGE', inPlan(path), { message, hint })]
  }
  return [
    ...(canBeCalled(other) ? [] : answeringFindings(one, other, { settings, path })),
    ...(canBeCalled(one) ? [] : answeringFindings(other, one, { settings, path })),
    ...natFindings(ends, path),
  ]
}

/** At the end that only answers. */
function answeringFindings(site: GatewaySite, peer: GatewaySite, { settings, path }: Place): Finding[] {
  const findings: Finding[] = []
  const wish = writtenStart(settings, site)
  if (wish !== undefined && wish !== 'respond') {
    const why =
      wish === 'trap' ? 'a trap needs a peer whose address is known' : 'it cannot call a peer whose address changes'
    findings.push(
      findingOf('START_NEEDS_ADDRESS', inPlan([...path, 'start']), {
        message: `${site.name} cannot start its tunnel with ${peer.name} by ${wish}: ${why}`,
        hint: `leave start out: ${peer.name} begins, and ${site.name} answers`,
      }),
    )
  }
  const { identity, platform } = { ...site.gateway, identity: peer.gateway.identity }
  if (abilities[platform].peersByIdentity && identity.replace(/^@/, '').includes('@')) {
    findings.push(
      findingOf('IDENTITY_NOT_A_NAME', inPlan([...peer.gateway.path, 'identity']), {
        message: `${platform} at ${site.name} calls ${peer.name} by its identity, and takes ${identity} for a host name`,
        hint: `write the name of a host, such as ${identity.split('@').at(-1)}`,
      }),
    )
  }
  if (abilities[peer.gateway.platform].triesOnce) {
    findings.push(
      findingOf('START_TRIED_ONCE', inPlan(path), {
        message: `${peer.gateway.platform} at ${peer.name} calls ${site.name} when it is configured, and only once; ${site.name} cannot call it`,
        hint: `configure ${site.name} first; when the tunnel is lost, enter "reset vpn ipsec-peer" at ${peer.name}`,
      }),
    )
  }
  return findings
}

/** Somebody must hand on what the other end sends, where no end can be called at its own address. */
function natFindings(ends: readonly GatewaySite[], path: Path): Finding[] {
  const reached = ends.filter(canBeCalled)
  if (!reached.every(isBehindNat)) return []
  const names = reached.map(({ name }) => name)
  const message =
    names.length > 1
      ? `${names.join(' and ')} are both behind NAT, so that neither is reached by itself`
      : `${names[0]} is behind NAT, and the address of its peer changes`
  const hint = `the NAT in front of ${names.join(' or ')} must forward UDP 500 and 4500`
  return [findingOf('TUNNEL_BETWEEN_NATS', inPlan(path), { message, hint })]
}

export function isBehindNat({ gateway: { outside } }: { readonly gateway: Pick<Gateway, 'outside'> }): boolean {
  const { address, publicAddress } = outside
  if (address.kind !== 'known') return false
  return publicAddress.kind !== 'known' || !publicAddress.address.equals(address.address)
}

/** A tunnel of a gateway that answers a peer with IKEv1 and a key. */
export interface KeyedAnswer {
  readonly peer: GatewaySite
  readonly tunnel: Tunnel | undefined
}

/** With IKEv1 the key is chosen before the peer says who it is (RFC 2409, section 5.4), so one is for all whose address is not known. */
export function keyFindings({ name, gateway }: GatewaySite, answers: readonly KeyedAnswer[]): Finding[] {
  const sources = new Set(answers.map(({ tunnel }) => JSON.stringify(tunnel?.preSharedKey)))
  if (sources.size < 2) return []
  const peers = answers.map(({ peer }) => peer.name)
  return [
    findingOf('KEYS_TOLD_BY_ADDRESS', inPlan(gateway.path), {
      message: `with IKEv1 ${name} cannot tell the keys of ${peers.join(' and ')} apart: it must choose one before it knows who is calling, and their addresses change`,
      hint: 'use IKEv2 or certificates, or one key for all of them',
    }),
  ]
}
