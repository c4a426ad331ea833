import type { DeviceRule, PacketMatch, RuleAction } from '@natplan/core'
import type { Chain, ChainRule, ChainTable } from './chain.ts'

/** What becomes of the packets that a rule takes. */
interface Decision {
  readonly match: PacketMatch
  readonly action: RuleAction
  /** The text of what was not understood. */
  readonly doubt?: string | undefined
}

/** natplan's own comments begin with the number of the rule. */
export function deviceRule(
  { line, comment }: Pick<ChainRule, 'line' | 'comment'>,
  { isOwn }: ChainTable,
  { match, action, doubt }: Decision,
): DeviceRule {
  const [, number, rest] = (isOwn && /^(\d{1,9})(?: (.*))?$/.exec(comment ?? '')) || []
  return {
    line,
    number: number === undefined ? undefined : Number(number),
    match,
    action,
    description: number === undefined ? comment : rest,
    ...(doubt === undefined ? {} : { doubt: { line, what: doubt } }),
  }
}

/** As people call it. */
export function chainName({ isOwn, label }: ChainTable, { name }: Pick<Chain, 'name'>): string {
  return isOwn ? name : `${label} chain ${name}`
}
