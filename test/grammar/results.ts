import { type Gateway, type GatewayPolicy, type Plan, derivePolicies, hasErrors } from '@natplan/core'
import { platformModule, Secret } from '@natplan/templates'
import { surroundingsOf } from '../support/surroundings.ts'
import { isMember, type Member } from './device.ts'

const key = new Secret('Example-key.of_26-letters')

/** What natplan writes for a gateway of the family, and what else the gateway has. */
export interface Result {
  readonly member: Member
  readonly site: string
  readonly others: string
  readonly configure: string
  readonly remove: string
}

/** What the gateways of a plan get, of those that are of the family; none where the plan is refused. */
export function resultsOf(plan: Plan): Result[] {
  const { policies, findings } = derivePolicies(plan)
  if (hasErrors(findings)) return []
  return policies.flatMap((policy) => {
    const site = plan.network.sites.get(policy.site)
    return site?.gateway ? resultOf(policy, `${surroundingsOf(site.gateway, site.subnets)}${ofDevice(site.gateway, policy)}`) : []
  })
}

export function resultOf(policy: GatewayPolicy, others: string): Result[] {
  const { platform, site } = policy
  if (!isMember(platform)) return []
  const secrets = new Map(policy.tunnels.map(({ peer }) => [peer as string, key]))
  const { texts } = platformModule(platform)?.render(policy, { secrets }) ?? {}
  return texts ? [{ member: platform, site, others, configure: texts.configure, remove: texts.remove }] : []
}

/** What a plan presumes on a device: its certificates, and the interfaces that the policy names. */
function ofDevice({ outside, inside, platform }: Gateway, { tunnels }: GatewayPolicy): string {
  const names = [outside.interface, inside?.interface].filter((name) => name !== undefined)
  const certificates = tunnels.flatMap(({ authentication }) => (authentication.kind === 'certificate' ? [authentication] : []))
  return [
    ...names.map((name) => `set interfaces ${/bond/.test(name) ? 'bonding' : platform === 'vyatta-5600' ? 'dataplane' : 'ethernet'} ${name} description any`),
    ...certificates.flatMap(({ names: { certificate, ca } }) => [`set pki certificate ${certificate} certificate x`, `set pki ca ${ca} certificate x`]),
  ].join('\n')
}
