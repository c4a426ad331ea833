import {
  type Finding,
  findingOf,
  type GatewayPolicy,
  ifIdOf,
  inPlan,
  type NatRule,
  type TunnelPolicy,
} from '@natplan/core'
import { oneToOneOf } from '../../one-to-one.ts'
import { isGcm } from './algorithms.ts'

/** Names of sections in swanctl.conf, where a dot, a brace or a blank has a meaning. */
const sectionName = /^[A-Za-z0-9_-]{1,63}$/

/** Linux names are at most 15 bytes; nft takes a `*` at the end for any name that begins so. */
const interfaceName = /^[A-Za-z0-9_.:@+-]{1,15}$/

/** What nft keeps of a comment, in bytes (NFTNL_UDATA_COMMENT_MAXLEN). */
const commentLimit = 128

/** What this platform cannot hold of a policy; nothing is written then. */
export function unsupported(policy: GatewayPolicy): Finding[] {
  const findings = [
    ...routedReasons(policy).map((reason) => cannot(policy, reason)),
    ...policy.tunnels.flatMap((tunnel) => tunnelReasons(tunnel).map((reason) => cannot(policy, reason))),
    ...policy.nat.flatMap((rule) => natReasons(rule).map((reason) => cannot(policy, `rule ${rule.number}: ${reason}`))),
    ...policy.clamps.flatMap((clamp) =>
      clamp.interface === undefined ? [cannot(policy, 'the MSS is clamped on an interface by name')] : [],
    ),
  ]
  return [...findings, ...unsafeNames(policy)]
}

function tunnelReasons({ peer, ike, through }: TunnelPolicy): string[] {
  return [
    ...(ike.version === 1 && isGcm(ike.encryption) ? [`IKEv1 to ${peer} has no ${ike.encryption}`] : []),
    ...(through?.kind === 'feature' ? [`the tunnel to ${peer} has no interface where NAT alone is done`] : []),
  ]
}

/** Names of XFRM interfaces say which tunnel they belong to, and a next hop is of the same IP version as what is routed over it. */
function routedReasons({ interfaces, routes, tunnels, outside }: GatewayPolicy): string[] {
  const there = new Set(interfaces.map(({ name }) => name))
  const outsides = new Set([outside.interface, ...tunnels.map((tunnel) => tunnel.interface)])
  const wanted = tunnels.flatMap(({ through }) => (through?.kind === 'route' ? [through.interface] : []))
  return [
    ...interfaces.flatMap(({ kind, name }) => {
      if (kind === 'feature') return [`${name} cannot be the name of an interface on Linux`]
      return kind === 'tunnel' && ifIdOf(name) === undefined ? [`${name} is not called ipsec and a number`] : []
    }),
    ...wanted.filter((name) => !there.has(name)).map((name) => `the interface ${name} of a tunnel is not there`),
    ...routes.flatMap(({ prefix, to }) => {
      if (to.kind === 'nowhere') return []
      if (to.kind === 'interface' && !there.has(to.interface) && !outsides.has(to.interface))
        return [`the interface ${to.interface} of a route is not there`]
      return to.kind === 'via' && to.address.family !== prefix.family
        ? [`${prefix} is not routed over ${to.address}`]
        : []
    }),
  ]
}

function natReasons(rule: NatRule): string[] {
  if (rule.interface === undefined) return ['it names no interface']
  const form = oneToOneOf(rule)
  return typeof form === 'string' ? [form] : []
}

function unsafeNames({ site, outside, tunnels, nat, clamps, vrfs, proxied = [], ...policy }: GatewayPolicy): Finding[] {
  const interfaces = [
    ...[outside.interface, ...nat.map((rule) => rule.interface), ...clamps.map((one) => one.interface)],
    ...[...policy.interfaces, ...vrfs].map(({ name }) => name),
    ...tunnels.map((tunnel) => tunnel.interface),
    ...proxied.map((one) => one.interface),
  ]
  const unsafeInterface = interfaces.some((name) => name !== undefined && !interfaceName.test(name))
  const unsafePeer = tunnels.some(({ peer }) => !sectionName.test(peer))
  const long = nat.filter((rule) => commentBytes(rule) > commentLimit)
  return [
    ...(unsafeInterface ? [unsafe(site, 'an interface has a name that Linux does not have')] : []),
    ...(unsafePeer ? [unsafe(site, 'a peer has a name that cannot be that of a section in swanctl.conf')] : []),
    ...long.map(({ number }) => unsafe(site, `the description of rule ${number} is longer than nft keeps`)),
  ]
}

/** Templates take ASCII only, so characters are bytes. */
function commentBytes(rule: NatRule): number {
  return commentOf(rule).length
}

/** How a rule is known again: its number, then its description. */
export function commentOf({ number, description }: Pick<NatRule, 'number' | 'description'>): string {
  return description === undefined ? String(number) : `${number} ${description}`
}

function cannot({ site }: GatewayPolicy, reason: string): Finding {
  const message = `the Linux gateway of ${site} cannot do what the policy asks: ${reason}`
  return findingOf('POLICY_UNSUPPORTED', inPlan(['sites', site, 'gateway']), { message })
}

function unsafe(site: string, message: string): Finding {
  return findingOf('VALUE_UNSAFE', inPlan(['sites', site, 'gateway']), { message })
}
