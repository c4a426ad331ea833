import { type DeviceRule, type Hook, hooks, type RuleList, type RuleSet, type Unread } from '@natplan/core'
import { limits } from '../../../limits.ts'
import { askedAt, type Moment, momentOf } from './asked-at.ts'
import type { Base, Chain, ChainRule, ChainTable } from './chain.ts'
import { chainName, deviceRule } from './device-rule.ts'

/** A chain where packets come through by themselves. */
export interface BaseChain {
  readonly table: ChainTable
  readonly chain: Chain
  readonly base: Base
}

/** Chains call each other no deeper than this; the kernel itself allows 16 (NFT_JUMP_STACK_SIZE), the older iptables more. */
const deepest = 64

const mostCalls = limits.calledChains.most

/** A chain as a set of rules, with the chains that it calls below it, and how many calls a packet may meet in it. */
interface Built {
  readonly set: RuleSet
  readonly height: number
  readonly calls: number
  readonly canDrop: boolean
}

/** The filters of one table. A chain is one set, however many rules call it, unless its rules mean another thing at another hook. */
export class FilterLists {
  readonly #table: ChainTable
  readonly #built = new Map<string, Built | 'open'>()

  constructor(table: ChainTable) {
    this.#table = table
  }

  /** `undefined` when it can drop nothing. */
  listOf(chain: Chain, base: Base): RuleList | undefined {
    const hook = hooks.find((one) => one === base.hook)
    if (hook === undefined) throw new Error(`${base.hook} is not a hook for forwarded packets`)
    const { set, canDrop } = this.#build({ moment: momentOf(base), depth: 0, chain, base })
    if (!canDrop && base.policy === 'accept') return undefined
    return { ...set, hook, ...familyOf(this.#table), priority: base.priority, kind: 'filter' }
  }

  #setOf(chain: Chain, moment: Moment, depth: number): Built | undefined {
    const key = `${moment.tracked} ${moment.route} ${chain.name}`
    const known = this.#built.get(key)
    if (known === 'open' || depth > deepest) return undefined
    if (known) return known
    this.#built.set(key, 'open')
    const built = this.#build({ moment, depth, chain, base: undefined })
    this.#built.set(key, built)
    return built
  }

  #build(place: Place): Built {
    const builder = new Builder()
    for (const rule of place.chain.rules) this.#add(rule, builder, place)
    const set = this.#set(place, builder.rules)
    return { set, height: builder.height, calls: builder.calls, canDrop: builder.canDrop }
  }

  #set({ chain, base }: Place, rules: readonly DeviceRule[]): RuleSet {
    return {
      name: chainName(this.#table, chain),
      rules,
      fallback: base?.policy ?? 'return',
      line: chain.line,
      written: { path: [...pathOf(this.#table), chain.name], numbers: [] },
      ...(base && base.policyLine !== chain.line ? { fallbackLine: base.policyLine } : {}),
    }
  }

  #add(rule: ChainRule, builder: Builder, place: Place): void {
    const { verdict } = rule
    const match = askedAt(rule.match, place.moment)
    if (!match || verdict.kind === 'continue') return
    const made = (action: DeviceRule['action'], doubt?: string) =>
      deviceRule(rule, this.#table, { match, action, doubt })
    switch (verdict.kind) {
      case 'accept':
      case 'drop':
      case 'reject':
        builder.push(made({ kind: verdict.kind }))
        break
      case 'return':
        builder.push(made({ kind: place.base?.policy ?? 'return' }))
        break
      case 'jump':
      case 'goto': {
        const target = this.#table.chains.get(verdict.chain)
        const called = target && !target.base && this.#setOf(target, place.moment, place.depth + 1)
        if (!called || !builder.hasRoomFor(called)) builder.push(made({ kind: 'unknown' }, rule.text))
        else this.#call(called, { isGoto: verdict.kind === 'goto', made, builder, place })
        break
      }
      default:
        builder.push(made({ kind: 'unknown' }, rule.text))
    }
  }

  #call(called: Built, { isGoto, made, builder, place }: Call): void {
    const { base } = place
    if (called.set.rules.length === 0) {
      if (isGoto) builder.push(made({ kind: base?.policy ?? 'return' }))
      return
    }
    const target = isGoto && base ? this.#withPolicy(called, place) : called
    builder.push(made({ kind: 'jump', to: target.set, isFinal: isGoto }), target)
  }

  /** What comes back out of a chain that a base chain goes to takes its policy. */
  #withPolicy({ set, height, calls, canDrop }: Built, place: Place): Built {
    const call: DeviceRule = {
      number: undefined,
      match: {},
      action: { kind: 'jump', to: set, isFinal: false },
      description: undefined,
      line: set.line,
    }
    const isDropping = place.base?.policy === 'drop'
    return { set: this.#set(place, [call]), height: height + 1, calls: calls + 1, canDrop: canDrop || isDropping }
  }
}

/** `ip filter` for nft, `iptables filter` for the older commands. */
function pathOf({ label }: ChainTable): string[] {
  return label.split(' ').filter((word) => word !== 'table')
}

interface Place {
  readonly chain: Chain
  readonly moment: Moment
  readonly depth: number
  readonly base: Base | undefined
}

interface Call {
  readonly isGoto: boolean
  readonly made: (action: DeviceRule['action']) => DeviceRule
  readonly builder: Builder
  readonly place: Place
}

class Builder {
  readonly rules: DeviceRule[] = []
  height = 0
  calls = 1
  canDrop = false

  push(rule: DeviceRule, called?: Built): void {
    const { kind } = rule.action
    this.rules.push(rule)
    this.calls += called?.calls ?? 0
    this.height = Math.max(this.height, (called?.height ?? -1) + 1)
    this.canDrop ||= kind === 'drop' || kind === 'reject' || kind === 'unknown' || called?.canDrop === true
  }

  hasRoomFor({ height, calls }: Built): boolean {
    return height < deepest && this.calls + calls < mostCalls
  }
}

function familyOf({ family }: ChainTable): { readonly family?: 4 | 6 } {
  return family === undefined ? {} : { family }
}

/** The lines of filters of which nobody knows what they do: rules stand for them. */
export function unclearLines(lists: readonly RuleList[]): Unread[] {
  const seen = new Set<RuleSet>()
  const open: RuleSet[] = [...lists]
  const found: Unread[] = []
  for (let set = open.pop(); set; set = open.pop()) {
    if (seen.has(set)) continue
    seen.add(set)
    for (const { action, doubt } of set.rules) {
      if (action.kind === 'jump') open.push(action.to)
      if (doubt) found.push({ line: doubt.line ?? 0, text: doubt.what, touches: 'filters', isPlaced: true })
    }
  }
  return found
}

/** Reports whether packets that are routed meet the chain, and everything of its head is understood. */
export function isFollowed({ hook, doubt }: Base): boolean {
  return doubt === undefined && hooks.some((one: Hook) => one === hook)
}
