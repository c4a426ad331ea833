import { Prefix } from '../address/prefix.ts'
import { specialPurposeOf } from '../address/special-purpose.ts'
import { type Finding, findingOf, formatPath, inPlan, type Path } from '../finding.ts'
import type { Forward } from './network.ts'
import type { PartialNetwork, PartialSubnet } from './partial-network.ts'

/** The largest range of addresses that hosts hide behind. */
const shortestRange = 24

export function ownSpaceIsUsable({ own, sites }: PartialNetwork): Finding[] {
  const subnets = own.length === 0 ? [] : [...sites.values()].flatMap((site) => site.subnets)
  return own.flatMap(({ prefix, path }) => {
    const special = specialPurposeOf(prefix)
    if (special || prefix.family === 6) {
      const what = special ? `shares addresses with ${special.prefix}, which is ${special.name} space` : 'is IPv6'
      const hint = 'name the public IPv4 prefixes that were assigned to you'
      return [findingOf('OWN_SPACE_UNFIT', inPlan(path), { message: `${prefix} ${what}`, hint })]
    }
    const used = subnets.find((subnet) => subnet.prefix?.overlaps(prefix))
    if (!used) return []
    return [
      findingOf('OWN_SPACE_IN_USE', inPlan(path), {
        message: `${prefix} meets ${used.prefix} of ${used.site}, a subnet, to which nothing is translated`,
        hint: `list only what no site uses, if ${prefix} is meant for translation alone`,
        related: [{ place: inPlan(used.path), message: `${used.prefix} is here` }],
      }),
    ]
  })
}

/** What hosts hide behind is smaller than their subnet, and nothing else is said about its translation. */
export function hidingFits(network: PartialNetwork): Finding[] {
  const hidden = [...network.sites.values()].flatMap(({ subnets }) => subnets.filter((subnet) => subnet.hideBehind))
  return hidden.flatMap((subnet) => [...rangeUnfit(subnet), ...contradiction(subnet)])
}

function rangeUnfit({ prefix, hideBehind, path }: PartialSubnet): Finding[] {
  if (!hideBehind || prefix?.family === 6) return []
  const say = (message: string, hint: string) => [
    findingOf('HIDE_RANGE_UNFIT', inPlan([...path, 'hideBehind']), { message, hint }),
  ]
  if (hideBehind.family === 6 || hideBehind.length < shortestRange) {
    return say(`${hideBehind} is not a small IPv4 range`, `name an address, or a /${shortestRange} to /31`)
  }
  if (!prefix || hideBehind.length > prefix.length) return []
  return say(
    `${prefix} cannot hide behind ${hideBehind}, which is not smaller`,
    hideBehind.length === prefix.length
      ? `write translateTo: ${hideBehind}: each host then has an address of its own`
      : 'name a single address, or fewer addresses than the subnet has',
  )
}

function contradiction({ prefix, hideBehind, translateTo, translate, path }: PartialSubnet): Finding[] {
  if (!hideBehind || (translateTo === undefined && translate !== 'never')) return []
  const other = translateTo === undefined ? 'translate: never' : 'translateTo'
  return [
    findingOf('HIDE_CONTRADICTS', inPlan([...path, 'hideBehind']), {
      message: `${prefix ?? 'the subnet'} has hideBehind and ${other}`,
      hint: 'remove one of the two',
    }),
  ]
}

/** A forward leads from one port of one address to one host. */
export function forwardsLeadToHosts(network: PartialNetwork): Finding[] {
  return [...network.sites.values()].flatMap(({ subnets }) => {
    const forwarding = subnets.filter(({ forwards }) => forwards.length > 0)
    const findings = forwarding.flatMap((one) => one.forwards.flatMap((forward) => unfit(forward, one, network)))
    return [...findings, ...takenTwice(forwarding)]
  })
}

function unfit(
  { to, path }: Forward,
  { prefix, hideBehind, path: at }: PartialSubnet,
  { unread }: PartialNetwork,
): Finding[] {
  const say = (message: string, hint: string) => [findingOf('FORWARD_UNFIT', inPlan(path), { message, hint })]
  if (prefix && !prefix.contains(Prefix.of(to))) {
    return say(`${to} is not a host of ${prefix}`, 'name a host of the subnet under which the forward stands')
  }
  if (hideBehind ? hideBehind.bits === hideBehind.lastBits : unread.touches([...at, 'hideBehind'])) return []
  if (!hideBehind) {
    return say('the subnet hides behind no address whose port could lead to a host', 'add hideBehind: ADDRESS')
  }
  return say(
    `${hideBehind} is more than one address: no peer could tell which one leads to ${to}`,
    `write hideBehind: ${hideBehind.first}`,
  )
}

/** Subnets of a site that hide behind the same address share its ports. */
function takenTwice(subnets: readonly PartialSubnet[]): Finding[] {
  const first = new Map<string, Path>()
  return subnets.flatMap(({ hideBehind, forwards }) =>
    forwards.flatMap(({ protocol, port, path }) => {
      if (!hideBehind) return []
      const key = `${hideBehind} ${protocol} ${port}`
      const before = first.get(key)
      if (!before) {
        first.set(key, path)
        return []
      }
      return [
        findingOf('FORWARD_DUPLICATE', inPlan(path), {
          message: `${protocol} port ${port} of ${hideBehind.first} is already forwarded by ${formatPath(before)}`,
          hint: 'name another port',
        }),
      ]
    }),
  )
}
