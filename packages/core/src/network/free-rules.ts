import type { Address } from '../address/address.ts'
import { knownOf } from '../address/named-address.ts'
import { type Finding, findingOf, inPlan } from '../finding.ts'
import type { FreePart } from './network.ts'
import type { PartialNetwork, PartialSite, PartialSubnet } from './partial-network.ts'

/** What is free is a part of its subnet, and nothing that the plan knows has an address there. */
export function freeSpaceIsFree({ sites }: PartialNetwork): Finding[] {
  return [...sites.values()].flatMap((site) => {
    const partly = site.subnets.filter(({ free }) => free.length > 0)
    if (partly.length === 0) return []
    const used = addressesAt(site)
    return partly.flatMap((subnet) =>
      subnet.free.flatMap((part) => [...unfit(part, subnet), ...inUse(part, used, site)]),
    )
  })
}

function unfit({ prefix: part, path }: FreePart, { prefix }: PartialSubnet): Finding[] {
  if (!prefix || (part.family === 4 && prefix.contains(part) && part.length > prefix.length)) return []
  const message =
    part.family === 6 ? `${part} is IPv6, which is not translated` : `${part} is not a part of ${prefix} alone`
  const hint = `name a few addresses of ${prefix} that no host has, as a prefix such as a /28`
  return [findingOf('FREE_SPACE_UNFIT', inPlan(path), { message, hint })]
}

interface Used {
  readonly address: Address
  readonly what: string
}

function addressesAt({ name, subnets, gateway, kubernetes }: PartialSite): Used[] {
  const ends = gateway ? [gateway.outside, ...gateway.uplinks.values()] : []
  const known = knownOf(ends.flatMap(({ address }) => address ?? []))
  return [
    ...known.map((address) => ({ address, what: `the gateway of ${name}` })),
    ...(kubernetes?.nodePools ?? []).flatMap(({ gateway: address }) =>
      address ? [{ address, what: `the gateway of the nodes of ${name}` }] : [],
    ),
    ...subnets.flatMap(({ forwards }) =>
      forwards.map(({ to, port }) => ({ address: to, what: `the host behind port ${port}` })),
    ),
  ]
}

function inUse({ prefix, path }: FreePart, used: readonly Used[], { name }: PartialSite): Finding[] {
  const found = used.find(({ address }) => prefix.contains(address))
  if (!found) return []
  return [
    findingOf('FREE_SPACE_IN_USE', inPlan(path), {
      message: `${prefix} of ${name} is not free: ${found.address} is ${found.what}`,
      hint: `leave ${found.address} out of it`,
    }),
  ]
}
