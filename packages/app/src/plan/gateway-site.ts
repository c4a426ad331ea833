import { type Lock, NatplanError, type Network, nearest, type Plan, type SiteName } from '@natplan/core'

/** The site of that name, which must have a gateway. */
export function gatewaySite({ network, lock }: Plan, name: string): SiteName {
  const known = gatewaySites(network)
  const found = known.find((site) => site === name)
  if (found) return found
  if (isInLock(lock, name)) {
    throw new NatplanError('USAGE', `${name} left the plan, or its gateway did`, {
      hint: `natplan diff ${name}=RUNNING prints what removes natplan from its gateway`,
    })
  }
  const near = nearest(name, known)
  throw new NatplanError('USAGE', `the plan has no gateway of a site ${JSON.stringify(name)}`, {
    hint: near ? `did you mean ${near}?` : `sites with a gateway: ${known.join(', ') || 'none'}`,
  })
}

/** Whether natplan had a site of that name, as far as the lock knows. */
export function isInLock({ entries, released, numbers }: Lock, name: string): boolean {
  return [entries, released, numbers].some((map) => [...map.values()].some(({ site }) => site === name))
}

export function gatewaySites({ sites }: Network): SiteName[] {
  return [...sites.values()].filter(({ gateway }) => gateway).map(({ name }) => name)
}

/** Said where gateways are asked for and the plan has none. */
export function noGateways(): NatplanError {
  return new NatplanError('USAGE', 'the plan has no gateway', {
    hint: 'write gateway: with platform and outside below a site; natplan init shows how',
  })
}
