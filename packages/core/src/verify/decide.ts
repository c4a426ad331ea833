import { type Box, type Effort, intersect, mostPieces, subtractFromAll } from '../match/box.ts'
import { isCertain, mayTranslate, type NatRule } from './nat-rules.ts'

/** Packets that a rule takes. */
export interface Taken {
  readonly box: Box
  readonly rule: NatRule
  /** Something about the rule is not known: it may take them. */
  readonly isCertain: boolean
}

/** Which rules decide about packets, and what is left for none of them. */
export interface Decision {
  readonly taken: readonly Taken[]
  readonly left: readonly Box[]
}

/**
 * Asks the rules of one side, which are in the order in which the device asks them: in each list the first that takes a packet; one that
 * exempts ends its list only. `undefined`: there are too many parts to know.
 */
export function decide(boxes: readonly Box[], rules: readonly NatRule[], effort: Effort): Decision | undefined {
  const taken: Taken[] = []
  let open = boxes
  for (const list of new Set(rules.map((rule) => rule.list))) {
    const asked = askList(
      open,
      rules.filter((rule) => rule.list === list),
      effort,
    )
    if (!asked || taken.length + asked.taken.length > mostPieces) return undefined
    taken.push(...asked.taken.filter(({ rule }) => mayTranslate(rule)))
    open = [...asked.left, ...asked.taken.filter(({ rule }) => !mayTranslate(rule)).map(({ box }) => box)]
  }
  return { taken, left: open }
}

function askList(boxes: readonly Box[], rules: readonly NatRule[], effort: Effort): Decision | undefined {
  const taken: Taken[] = []
  let left = boxes
  for (const rule of rules) {
    if (!effort.spend(left.length)) return undefined
    const shared = left.flatMap((piece) => rule.boxes.flatMap((box) => intersect(piece, box) ?? []))
    taken.push(...shared.map((box) => ({ box, rule, isCertain: isCertain(rule) })))
    if (shared.length === 0 || !isCertain(rule)) continue
    const rest = subtractFromAll(left, rule.boxes, effort)
    if (!rest) return undefined
    left = rest
  }
  return { taken, left }
}
