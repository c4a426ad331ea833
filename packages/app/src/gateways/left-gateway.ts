import { cutsOf, type Finding, findingOf, type Plan, parseSiteName, type SiteName } from '@natplan/core'
import { detectPlatform, platformModule } from '@natplan/templates'
import { requireConfig } from '../configs/read-config.ts'
import { type RunningConfig, readRunning } from '../configs/read-running.ts'
import { isInLock } from '../plan/gateway-site.ts'
import type { NamedText } from '../text/documents.ts'
import { ofOtherSite } from './fit-policies.ts'
import type { GatewayDiff } from './gateway-diff.ts'

/** What takes natplan off the gateway of a site that left the plan. */
interface LeftGateway {
  readonly site: string
  readonly diff: GatewayDiff
  readonly findings: readonly Finding[]
}

/**
 * The gateway of a site that is not in the plan, when the lock or the configuration itself says that natplan had it there; `undefined` for any
 * other site.
 */
export function leftGateway(plan: Plan, name: string, given: NamedText): LeftGateway | undefined {
  if (plan.network.sites.get(name as SiteName)?.gateway) return undefined
  requireConfig(given)
  const { text } = given
  const detection = detectPlatform(text)
  if (!detection) return undefined
  const { platform, isSure, why } = detection
  const compare = platformModule(platform)?.compare
  if (!compare) return undefined
  const site = parseSiteName(name)
  const running = readRunning({ site, platform, interfaces: [], routes: [], tunnels: [] }, given)
  if (!isInLock(plan.lock, site) && !isDescribed(running, site)) return undefined
  const difference = compare.takeOff(text, site)
  const place = { source: 'config', path: [], file: running.document.name } as const
  const guess = isSure
    ? []
    : [
        findingOf('CONFIG_PLATFORM_LIKELY', place, {
          message: `the configuration of ${site} is read as ${platform}: ${why}`,
          hint: 'look at the lines before you enter them',
        }),
      ]
  return {
    site,
    diff: { site, platform, running, difference, cuts: cutsOf(running.shares.own, { tunnels: [], nat: [] }) },
    findings: [...ofOtherSite({ site, device: running.shown }, plan), ...guess, ...difference.findings],
  }
}

/** natplan's rules say of which site they are. */
function isDescribed({ shares: { own } }: RunningConfig, site: SiteName): boolean {
  return own.lists.some(({ rules }) =>
    rules.some(({ description }) => description?.startsWith(`natplan: ${site} `) ?? false),
  )
}
