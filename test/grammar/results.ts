import { derivePolicies, type Gateway, type GatewayPolicy, hasErrors, type Plan, type Subnet } from '@natplan/core'
import { platformModule, Secret } from '@natplan/templates'
import { kindOf, surroundingsOf } from '../support/surroundings.ts'
import { isMember, type Member } from './device.ts'

const exampleKey = new Secret('Example-key.of_26-letters')

/** What natplan writes for a gateway of the family, and what else the gateway has. */
export interface Result {
  readonly member: Member
  readonly site: string
  readonly others: string
  readonly configure: string
  readonly remove: string
  readonly check: string
}

/** What the gateways of a plan get, of those that are of the family; none where the plan is refused. */
export function resultsOf(plan: Plan, key = exampleKey): Result[] {
  const { policies, findings } = derivePolicies(plan)
  if (hasErrors(findings)) return []
  return policies.flatMap((policy) => {
    const site = plan.network.sites.get(policy.site)
    return site?.gateway ? resultOf(policy, { key, others: othersOf(site.gateway, site.subnets, policy) }) : []
  })
}

/** What else a gateway of a plan has. */
export function othersOf(gateway: Gateway, subnets: readonly Subnet[], policy: GatewayPolicy): string {
  return `${surroundingsOf(gateway, subnets)}${ofDevice(gateway, policy)}\n`
}

function resultOf(policy: GatewayPolicy, { key, others }: { readonly key: Secret; readonly others: string }): Result[] {
  const { platform, site } = policy
  if (!isMember(platform)) return []
  const secrets = new Map(policy.tunnels.map(({ peer }) => [peer as string, key]))
  const { texts } = platformModule(platform)?.render(policy, { secrets }) ?? {}
  return texts ? [{ member: platform, site, others, ...texts }] : []
}

/** What a plan presumes on a device: its certificates, and the interfaces that it names. */
function ofDevice({ outside, inside, uplinks }: Gateway, { tunnels }: GatewayPolicy): string {
  const used = [outside, ...(inside ? [inside] : []), ...uplinks.values()]
  const certificates = tunnels.flatMap(({ authentication }) =>
    authentication.kind === 'certificate' ? [authentication.names] : [],
  )
  return [
    ...used.map(
      (one) => `set interfaces ${kindOf(one.interface)} ${one.interface.replace('.', ' vif ')} description any`,
    ),
    ...certificates.flatMap(({ certificate, ca }) => [
      `set pki certificate ${certificate} certificate x`,
      `set pki ca ${ca} certificate x`,
    ]),
  ].join('\n')
}
