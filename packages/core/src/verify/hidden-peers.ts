import type { DeviceRule } from '../device/device.ts'
import type { Finding } from '../finding.ts'
import type { World } from '../world/world.ts'
import { ruleName } from './nat-rules.ts'
import { findingAt } from './subject.ts'
import { type FollowedFlow, maskAtEnd } from './verdict.ts'

/** One note for each rule by which hosts see the gateway in place of those that call them. */
export function hiddenPeers(arriving: readonly FollowedFlow[], { sites }: World): Finding[] {
  const told = new Set<DeviceRule>()
  return arriving.flatMap(({ flow, found }) => {
    const mask = maskAtEnd(found)
    const site = mask && sites.get(mask.site)
    if (!site || told.has(mask.step.rule)) return []
    told.add(mask.step.rule)
    const name = ruleName(mask.step)
    return findingAt('NAT_HIDES_PEERS', {
      site,
      at: mask.step.rule,
      about: { rule: name, peer: flow.from.name, range: `${flow.source} → ${flow.destination}` },
      message: `${name} of ${site.name} gives hosts of ${flow.from.name} the address ${mask.step.to} on their way to the hosts behind it: packets arrive, but those hosts cannot tell who calls`,
      hint: `if that is intended, there is nothing to do; otherwise exempt what comes out of the tunnels before ${name}`,
    })
  })
}
