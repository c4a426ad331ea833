import { type Finding, findingOf, type GatewayPolicy, inPlan, type NatRule, type TunnelPolicy } from '@natplan/core'
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
  const virtual = policy.interfaces.length > 0 || policy.routes.length > 0
  const findings = [
    ...(virtual ? [cannot(policy, 'there is no virtual interface behind the tunnels, and no route to one')] : []),
    ...policy.tunnels.flatMap((tunnel) => tunnelReasons(tunnel).map((reason) => cannot(policy, reason))),
    ...policy.nat.flatMap((rule) => natReasons(rule).map((reason) => cannot(policy, `rule ${rule.number}: ${reason}`))),
    ...policy.clamps.flatMap((clamp) =>
      clamp.interface === undefined ? [cannot(policy, 'the TCP segment size is limited on an interface by name')] : [],
    ),
  ]
  return [...findings, ...unsafeNames(policy)]
}

function tunnelReasons({ peer, ike, through }: TunnelPolicy): string[] {
  return [
    ...(ike.version === 1 && isGcm(ike.encryption) ? [`IKEv1 to ${peer} has no ${ike.encryption}`] : []),
    ...(through ? [`the tunnel to ${peer} has no virtual interface`] : []),
  ]
}

function natReasons(rule: NatRule): string[] {
  if (rule.interface === undefined) return ['it names no interface']
  const form = oneToOneOf(rule)
  return typeof form === 'string' ? [form] : []
}

function unsafeNames({ site, outside, tunnels, nat, clamps }: GatewayPolicy): Finding[] {
  const interfaces = [outside.interface, ...nat.map((rule) => rule.interface), ...clamps.map((one) => one.interface)]
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
