import type { DeadPeer, DeviceTunnel, Doubt, EspOffer, Prefix, Start, TunnelChild } from '@natplan/core'
import { limits } from '../../../limits.ts'
import { shownLine } from '../../../shown-line.ts'
import { switchingScript } from '../marks.ts'
import { espOffers } from './proposals.ts'
import { onlyOf, type TrafficSelector, tryParseSelector } from './selectors.ts'
import type { Section } from './settings-tree.ts'
import { Taken } from './taken.ts'

/** What the children of a connection have from outside. */
export interface ChildContext {
  /** What `dynamic` stands for at each end; `undefined`: not known. */
  readonly local: readonly Prefix[] | undefined
  readonly remote: readonly Prefix[] | undefined
  /** The interface that an `if_id` or a mark belongs to. */
  readonly interfaceOf: (key: BindingKey) => string | undefined
  /** The one virtual interface of which neither is shown. */
  readonly looseInterface: string | undefined
  /** The interface that loses its routes when a tunnel with this `if_id` goes down, as natplan's script has it. */
  readonly switchedOf: (ifId: number) => string | undefined
  /** `if_id_in` and `if_id_out` of the connection. */
  readonly ifIds: { readonly in: string | undefined; readonly out: string | undefined }
  readonly isOwn: boolean
  /** IKEv1 carries one pair of prefixes for each child. */
  readonly hasOnePair: boolean
}

/** How virtual interfaces and children find each other. */
export interface BindingKey {
  readonly kind: 'xfrm' | 'vti'
  readonly id: number
}

export interface ReadChild {
  readonly children: readonly TunnelChild[]
  readonly offers: readonly EspOffer[]
  readonly isWhole: boolean
  readonly lifetime: number
  readonly action: DeadPeer['action']
  readonly start: Start
  readonly whenDown: DeviceTunnel['whenDown']
  readonly doubts: readonly Doubt[]
}

/** Settings that say nothing about which packets are carried. */
const harmless = [
  ...'hostaccess hw_offload reqid ipcomp inactivity replay_window tfc_padding copy_df copy_ecn copy_dscp'.split(' '),
  ...'sha256_96 close_action rekey_bytes life_bytes rand_bytes rekey_packets life_packets rand_packets'.split(' '),
  ...'rand_time policies_fwd_out per_cpu_sas icmp set_mark_in set_mark_out mark_in_sa'.split(' '),
]

/** Child keys last so long when nothing else is said (swanctl.conf(5)). */
const standardRekey = 3600

const mostPairs = limits.childPairs.most

export function readChild(section: Section, context: ChildContext): ReadChild {
  const child = new Taken(section)
  child.pass(harmless)
  const kind = child.read('mode', kindOf, 'protect')
  const start = child.read('start_action', startOf, 'respond')
  const action = child.read('dpd_action', deadPeerAction, 'clear')
  const rekey = child.seconds('rekey_time', standardRekey)
  const lifetime = child.seconds('life_time', Math.floor(rekey * 1.1))
  const { offers, isWhole } = espOffers(child.text('esp_proposals'))
  const priority = child.read('priority', countOf, 0)
  const doubts: Doubt[] = []
  if (child.text('ah_proposals') !== undefined) child.refuse('ah_proposals')
  if (!child.read('policies', (text) => text !== 'no' && text !== 'false' && text !== '0', true))
    child.refuse('policies')
  const script = child.text('updown')
  if (!isHarmlessScript(script)) child.refuse('updown')
  const { through, isKnown } = throughOf(child, context)
  if (!isKnown) {
    doubts.push({ line: section.line, what: `${section.name}: which interface has its if_id or mark (ip -d link)` })
  }
  const pairs = pairsOf(child, { section, context, doubts })
  if (context.hasOnePair && kind === 'protect' && pairs.length > 1) {
    doubts.push({ line: section.line, what: `${section.name}: IKEv1 carries one pair of prefixes` })
  }
  // What passes or is dropped is in the kernel only when it is trapped.
  const isInForce = kind === 'protect' || start !== 'respond'
  if (kind !== 'protect' && start === 'initiate') child.refuse('start_action')
  const children = !isInForce
    ? []
    : pairs.map(
        (pair): TunnelChild => ({
          name: section.name,
          number: context.isOwn ? numberIn(section.name) : undefined,
          kind,
          ...pair,
          through,
          priority: priority === 0 ? undefined : priority,
          start,
          line: section.line,
        }),
      )
  doubts.push(
    ...child.doubts(),
    ...[...section.sections.values()].map(({ line, name }) => ({ line, what: `${name} {` })),
  )
  return {
    ...{ children, offers, isWhole, lifetime, action, doubts },
    start: beginsBy(child.text('start_action'), start),
    whenDown: whenDown(script, {
      section,
      through,
      switchedTo: context.switchedOf(Number(ifIdsOf(child, context).out)),
    }),
  }
}

/** natplan's script says itself what it does, where it was given; what others are called says nothing. */
function whenDown(
  script: string | undefined,
  { section: { name, line }, through, switchedTo }: Switching,
): DeviceTunnel['whenDown'] {
  if (script === undefined || through === undefined || isStandardScript(script)) return undefined
  if (script === switchingScript && switchedTo !== undefined) return { takesRoutesInto: switchedTo }
  return { doubt: { line, what: `which routes ${shownLine(script)} takes away when ${name} goes down` } }
}

interface Switching {
  readonly section: Section
  readonly through: Through | 'unknown'
  /** The interface whose routes natplan's script takes away for the tunnel. */
  readonly switchedTo: string | undefined
}

/** Whether it protects: transport mode carries what two hosts send each other, as a tunnel between the two does. */
function kindOf(text: string): TunnelChild['kind'] | undefined {
  if (['tunnel', 'transport', 'iptfs'].includes(text)) return 'protect'
  return text === 'pass' || text === 'drop' ? text : undefined
}

function startOf(text: string): Start | undefined {
  const words = text.split('|').map((word) => word.trim())
  const known = words.every((word) => ['none', 'clear', 'trap', 'route', 'start', 'restart'].includes(word))
  if (!known) return undefined
  if (words.includes('trap') || words.includes('route')) return 'trap'
  return words.includes('start') || words.includes('restart') ? 'initiate' : 'respond'
}

/** A child that is trapped and started holds packets back, and its tunnel waits for none. */
function beginsBy(text: string | undefined, start: Start): Start {
  const words = text?.split('|').map((word) => word.trim()) ?? []
  return start === 'trap' && words.some((word) => word === 'start' || word === 'restart') ? 'initiate' : start
}

/** The older words are `hold` and `none`. */
function deadPeerAction(text: string): DeadPeer['action'] | undefined {
  if (text === 'restart' || text === 'start') return 'restart'
  if (text === 'trap' || text === 'hold' || text === 'route') return 'trap'
  return text === 'clear' || text === 'none' ? 'clear' : undefined
}

/** natplan's makes routes, which stand in it. */
function isHarmlessScript(text: string | undefined): boolean {
  return text === undefined || text === switchingScript || isStandardScript(text)
}

/** strongSwan's own only lets tunnelled packets through the firewall. */
function isStandardScript(text: string): boolean {
  return /^(\S*\/)?_updown( iptables)?$/.test(text)
}

function countOf(text: string): number | undefined {
  return /^(0x[0-9a-f]{1,8}|\d{1,10})$/i.test(text) ? Number(text) : undefined
}

function numberIn(name: string): number | undefined {
  const [, digits] = /-(\d{1,6})$/.exec(name) ?? []
  return digits === undefined ? undefined : Number(digits)
}

type Through = TunnelChild['through']

/** The virtual interface in front of it, by `if_id` or, as VTI devices have it, by mark; one that is not shown is there all the same. */
function throughOf(child: Taken, context: ChildContext): { readonly through: Through; readonly isKnown: boolean } {
  const { interfaceOf, looseInterface } = context
  const own = ifIdsOf(child, context)
  const marks = { in: child.text('mark_in'), out: child.text('mark_out') }
  const [ifId, mark] = [bindingOf(own), bindingOf(marks)]
  if (ifId === undefined && mark === undefined) return { through: undefined, isKnown: true }
  const isPlain = ifId !== 'unknown' && mark !== 'unknown' && (ifId === undefined || mark === undefined)
  const key = ifId === undefined ? ({ kind: 'vti', id: mark } as const) : ({ kind: 'xfrm', id: ifId } as const)
  const name = isPlain ? interfaceOf({ kind: key.kind, id: Number(key.id) }) : undefined
  const likely = name ?? looseInterface ?? `${key.kind === 'xfrm' ? 'if_id' : 'mark'} ${own.out ?? marks.out ?? ''}`
  return { through: { kind: 'route', interface: likely }, isKnown: name !== undefined }
}

function ifIdsOf(child: Taken, { ifIds }: ChildContext): ChildContext['ifIds'] {
  return { in: child.text('if_id_in') ?? ifIds.in, out: child.text('if_id_out') ?? ifIds.out }
}

/** One number for both directions; 0 is none. */
function bindingOf(both: {
  readonly in: string | undefined
  readonly out: string | undefined
}): number | 'unknown' | undefined {
  const [incoming, outgoing] = [both.in, both.out].map((text) => countOf((text ?? '0').replace(/\/0xffffffff$/i, '')))
  if (incoming === undefined || outgoing === undefined || incoming !== outgoing) return 'unknown'
  return outgoing === 0 ? undefined : outgoing
}

interface Pair {
  readonly local: Prefix
  readonly remote: Prefix
  readonly only?: NonNullable<TunnelChild['only']>
}

function pairsOf(
  child: Taken,
  { section, context, doubts }: { readonly section: Section; readonly context: ChildContext; readonly doubts: Doubt[] },
): Pair[] {
  const locals = selectorsOf(child, 'local_ts')
  const remotes = selectorsOf(child, 'remote_ts')
  const pairs: Pair[] = []
  for (const local of locals) {
    for (const remote of remotes) {
      const only = onlyOf(local, remote)
      const [here, there] = [prefixesOf(local, context.local), prefixesOf(remote, context.remote)]
      if (!only || !here || !there || pairs.length + here.length * there.length > mostPairs) {
        doubts.push({ line: section.line, what: `${section.name}: which addresses it carries` })
        return pairs
      }
      for (const pair of here.flatMap((one) => there.map((other) => ({ local: one, remote: other })))) {
        if (pair.local.family === pair.remote.family)
          pairs.push({ ...pair, ...(Object.keys(only).length > 0 ? { only } : {}) })
      }
    }
  }
  return pairs
}

function prefixesOf(
  { prefixes }: TrafficSelector,
  dynamic: readonly Prefix[] | undefined,
): readonly Prefix[] | undefined {
  return prefixes === 'dynamic' ? dynamic : prefixes
}

function selectorsOf(child: Taken, key: string): TrafficSelector[] {
  const listed = child.list(key)
  const parsed = (listed.length > 0 ? listed : ['dynamic']).map(tryParseSelector)
  if (parsed.includes(undefined)) child.refuse(key)
  return parsed.filter((selector) => selector !== undefined)
}
