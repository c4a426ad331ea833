import { abilities } from '../policy/abilities.ts'
import { conditionsOfSelector, meetsAll } from './condition.ts'
import type { Crossing } from './crossing.ts'
import type { Ending } from './hop.ts'
import { negotiationFaults, type PeerEnd, peerOf } from './negotiation.ts'
import { answerTo, type Packet } from './packet.ts'
import type { TracedSite, World } from './world.ts'

/** Where a packet comes out of a tunnel, or why it does not. */
export type Crossed =
  | { readonly kind: 'arrives'; readonly site: TracedSite; readonly crossing: Crossing }
  | { readonly kind: 'ends'; readonly ending: Ending }

/** Takes a packet through the tunnel that its gateway chose; `isUp`: whether the tunnel is taken to be there if it can be. */
export function crossTunnel(
  world: World,
  { site, crossing, packet }: { readonly site: TracedSite; readonly crossing: Crossing; readonly packet: Packet },
  isUp: boolean,
): Crossed {
  const { tunnel } = crossing
  const [end] = peerOf(world, site, tunnel)
  if (!end) return ends(unknownPeer(site, crossing))
  const lost = losing(site, crossing)
  if (!isUp) return ends(lost('tunnel-down', `the tunnel of ${site.name} and ${end.site.name} is down`))
  const [fault] = negotiationFaults(
    { gateway: site.gateway, tunnel },
    { gateway: end.site.gateway, tunnel: end.tunnel },
  ).filter(({ isDelayed }) => !isDelayed)
  if (fault) {
    const reason = `the tunnel of ${site.name} and ${end.site.name} cannot come up: ${fault.message}`
    return ends(lost('tunnel-fails', reason, `make both ends agree at ${site.name} or ${end.site.name}`))
  }
  if (isWaitedFor(tunnel.start, end.tunnel.start)) {
    const reason = `${site.name} only responds, and ${end.site.name} begins with its first packet: until then there is no tunnel`
    return ends(lost('tunnel-down', reason, `let the tunnel of ${site.name} start with a trap or by itself`))
  }
  const selector = receivingSelector(end, crossing, packet)
  if (selector) return { kind: 'arrives', site: end.site, crossing: { tunnel: end.tunnel, selector } }
  const { local, remote } = crossing.selector
  const reason = `no selector of ${end.site.name} takes what ${site.name} sends by its selector ${local} → ${remote}`
  const advice = `give the tunnel of ${end.site.name} the selector ${remote} → ${local}, or narrow that of ${site.name}`
  return ends(lost('selector-refused', reason, advice))
}

function ends(ending: Ending): Crossed {
  return { kind: 'ends', ending }
}

/**
 * A packet that a gateway has a selector for, but no tunnel, is held back by a trap, by a virtual interface or by a guard; without any
 * of them it leaves in clear, since there is no policy in the kernel before there is a tunnel.
 */
function losing({ name, gateway }: TracedSite, { tunnel }: Crossing) {
  const isHeld = tunnel.start === 'trap' || abilities[gateway.platform].failsClosed
  return (
    disposition: 'tunnel-down' | 'tunnel-fails' | 'selector-refused',
    reason: string,
    advice = `look at both gateways: is the tunnel of ${name} up?`,
  ): Ending =>
    isHeld
      ? { disposition, reason, advice, inClear: false }
      : {
          disposition: 'leaves-unencrypted',
          reason: `${reason}, and nothing at ${name} holds the packet back`,
          advice: disposition === 'tunnel-down' ? `let the tunnel of ${name} start with a trap` : advice,
          inClear: true,
        }
}

/** Nobody begins: this end waits for the other, which waits for a packet of its own. */
function isWaitedFor(here: string, there: string): boolean {
  return here === 'respond' && there === 'trap'
}

/** IKEv2 narrows the selectors to what both ends have (RFC 7296, section 2.9); IKEv1 takes equal ones only. */
function receivingSelector({ tunnel }: PeerEnd, { tunnel: from, selector }: Crossing, packet: Packet) {
  const seenThere = answerTo(packet)
  const isExact = from.ike.version === 1
  const taking = tunnel.selectors.filter(
    (one) =>
      meetsAll(seenThere, conditionsOfSelector(one)) &&
      (!isExact || (one.local.equals(selector.remote) && one.remote.equals(selector.local))),
  )
  return taking.sort((a, b) => b.local.length + b.remote.length - a.local.length - a.remote.length)[0]
}

function unknownPeer(site: TracedSite, { tunnel }: Crossing): Ending {
  return {
    disposition: 'peer-unknown',
    reason: `the tunnel ${tunnel.peer} of ${site.name} leads to ${tunnel.remote.address}, and no known gateway has a tunnel back`,
    advice: `give the configuration of ${tunnel.remote.address} as well, or add the tunnel there`,
    inClear: false,
  }
}
