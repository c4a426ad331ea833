import type { Prefix } from '../address/prefix.ts'
import type { Lock } from '../allocation/lock.ts'
import { type Finding, findingOf, inPlan } from '../finding.ts'
import type { SiteName } from '../network/names.ts'
import type { Subnet } from '../network/network.ts'
import type { Change } from './changes.ts'
import { mappingsBySubnet, type Plan } from './plan.ts'

/** What looks like the same site under another name, or the same network under other addresses: peers would have to change for it. */
export function moveHints(plan: Plan, lock: Lock): Finding[] {
  const left = plan.changes.filter(({ kind, before, real }) => kind === 'remove' && before?.length === real.length)
  if (left.length === 0) return []
  const gone = [...new Set(left.map(({ site }) => site))]
  return gone.flatMap((site) => {
    const ofSite = left.filter((change) => change.site === site)
    return plan.network.sites.has(site) ? movedSubnets(plan, ofSite) : movedSite(plan, lock, site)
  })
}

function movedSite({ network }: Plan, lock: Lock, from: SiteName): Finding[] {
  const entries = [...lock.entries.values()]
  const known = new Set(entries.map(({ site }) => site))
  const reals = entries.filter(({ site }) => site === from).map(({ real }) => String(real))
  const alike = [...network.sites.values()].filter(({ name, subnets }) => {
    const there = new Set(subnets.map(({ prefix }) => String(prefix)))
    return !known.has(name) && reals.every((real) => there.has(real))
  })
  const [first, ...others] = alike
  if (!first) return []
  const names = alike.map(({ name }) => name).join(' or ')
  const translated = entries.filter(({ site, translated }) => site === from && translated)
  const prefixes = translated.map((one) => String(one.translated)).slice(0, 3)
  return [
    findingOf(
      'SITE_MOVED',
      { ...inPlan(['sites', first.name]), isKey: true },
      {
        message: `${from} has left, and ${names} is new with the same subnets: ${prefixes.join(', ')} stays set aside for ${from}, and peers must call the new site by other prefixes`,
        hint: `if ${others.length > 0 ? 'one of them' : first.name} is ${from} under another name, write moved: [{ from: ${from}, to: ${first.name} }] at the top of the plan file: its translated prefixes stay`,
        about: { site: first.name },
      },
    ),
  ]
}

/** Each subnet that left, with the first new one of its length at the site. */
function movedSubnets(plan: Plan, left: readonly Change[]): Finding[] {
  const [{ site } = { site: '' as SiteName }] = left
  const added = new Set(
    plan.changes.filter((one) => one.kind === 'add' && one.site === site).map(({ real }) => String(real)),
  )
  const fresh = (plan.network.sites.get(site)?.subnets ?? []).filter(
    ({ prefix, translate, translateTo, hideBehind }) =>
      added.has(String(prefix)) && translate !== 'never' && !translateTo && !hideBehind,
  )
  return left.flatMap(({ real, before }) => {
    const at = fresh.findIndex(({ prefix }) => prefix.family === 4 && prefix.length === real.length)
    const [subnet] = at < 0 ? [] : fresh.splice(at, 1)
    return subnet && before ? [movedSubnet(plan, subnet, { real, before })] : []
  })
}

function movedSubnet(plan: Plan, subnet: Subnet, was: { readonly real: Prefix; readonly before: Prefix }): Finding {
  const now = mappingsBySubnet(plan).get(subnet)?.translated ?? subnet.prefix
  const { site, prefix } = subnet
  return findingOf('SUBNET_MOVED', inPlan(subnet.path), {
    message: `${was.real} of ${site} has left, and ${prefix} is new: peers that called the one ${was.before} must call the other ${now}`,
    hint: `if it is the same network with other addresses, write { prefix: ${prefix}, translateTo: ${was.before} }: peers can go on using that`,
    about: { site, range: String(prefix) },
  })
}
