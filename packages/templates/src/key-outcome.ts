import { type Finding, findingOf, type GatewayPolicy, inPlan } from '@natplan/core'
import type { KeyOutcome } from './difference.ts'
import type { Secret } from './secret.ts'

/** What devices and clean-up tools print in place of a key. */
const masked = /^(\*+|x{4,}|X{4,}|<.*>|\[.*\])?$/

/** Compares a key that a running configuration shows with the plan's; the only thing that is told of them is whether they are the same. */
export function outcomeOf(there: string | undefined, planned: Secret | undefined): KeyOutcome['outcome'] {
  if (there === undefined) return 'missing'
  if (planned === undefined || masked.test(there)) return 'not compared'
  return there === planned.reveal() ? 'same' : 'differs'
}

/** One finding for all keys of a gateway that were not compared. */
export function notCompared(keys: readonly KeyOutcome[], { site }: GatewayPolicy): Finding[] {
  const peers = keys.filter(({ outcome }) => outcome === 'not compared').map(({ peer }) => peer)
  if (peers.length === 0) return []
  const more = peers.length > 5 ? ` and ${peers.length - 5} more` : ''
  const message = `the key of ${site} for ${peers.slice(0, 5).join(', ')}${more} was not compared`
  return [
    findingOf('DIFF_KEY_NOT_COMPARED', inPlan(['sites', site, 'gateway']), {
      message,
      hint: "it is compared when the plan's key can be read and the running configuration shows its own",
    }),
  ]
}
