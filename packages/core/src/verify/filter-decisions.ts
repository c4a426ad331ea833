import type { DeviceRule, RuleList, RuleSet } from '../device/device.ts'
import type { Trace } from '../trace/step.ts'

/** A rule that accepts packets which are meant to arrive, and where. */
export interface Accepting {
  readonly site: string
  readonly list: RuleList
  readonly set: RuleSet
  readonly rule: DeviceRule
}

/** Which rules of filters decided about the packets that were followed. */
export class FilterDecisions {
  /** Rules, and sets that drop the rest. */
  readonly dropping = new Set<DeviceRule | RuleSet>()
  /** Rules that accept the first packet of a connection that a peer opens. */
  readonly admitting = new Map<DeviceRule, Accepting>()

  add({ hops, drop }: Trace): void {
    if (drop) this.dropping.add(drop.rule ?? drop.set)
    for (const { way, site, steps } of hops) {
      if (way !== 'there' || !steps.some(({ kind }) => kind === 'decrypt')) continue
      for (const step of steps) {
        if (step.kind !== 'filter' || step.verdict !== 'accept' || !step.rule) continue
        const { list, set, rule } = step
        if (!this.admitting.has(rule)) this.admitting.set(rule, { site, list, set, rule })
      }
    }
  }
}
