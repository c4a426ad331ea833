import {
  type Accept,
  type Finding,
  flowsOfPlan,
  missingAccepts,
  type Plan,
  type Verification,
  type World,
} from '@natplan/core'
import { platformModule } from '@natplan/templates'

/** What to enter on one gateway, so that its filters let the packets of its tunnels pass. */
export interface MissingRules {
  readonly site: string
  /** Where its configuration was read. */
  readonly file: string | undefined
  readonly rules: readonly { readonly accept: Accept; readonly lines: readonly string[] }[]
}

/** Where nothing holds packets back for a tunnel that filters keep down, they leave in clear: that is told first. */
const dropping = ['FLOW_FILTERED', 'FLOW_PARTLY_FILTERED', 'FLOW_IKE_BLOCKED', 'FLOW_ESP_BLOCKED', 'FLOW_UNENCRYPTED']

/** Reports whether some finding may be about a filter that drops packets of a tunnel. */
export function isDropping(findings: readonly Finding[]): boolean {
  return findings.some(({ code }) => dropping.includes(code))
}

/** The rules that are missing in filters of the world, by gateway; nothing is looked for where no filter drops anything. */
export function missingRules(
  world: World,
  { findings, plan }: { readonly findings: Verification['findings']; readonly plan: Plan | undefined },
): MissingRules[] {
  if (!isDropping(findings)) return []
  return rulesFor(missingAccepts(world, plan ? { flowsOf: (one) => flowsOfPlan(plan, one) } : {}), world)
}

/** The lines for accepts, by gateway. */
export function rulesFor(accepts: readonly Accept[], world: World): MissingRules[] {
  return [...world.sites.values()].flatMap(({ name, device }): MissingRules[] => {
    const own = accepts.filter(({ site }) => site === name)
    const rules = own.length > 0 ? platformModule(device.platform)?.acceptLines?.(own) : undefined
    return rules ? [{ site: name, file: device.file, rules }] : []
  })
}
