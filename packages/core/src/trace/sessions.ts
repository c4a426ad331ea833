import type { DeviceRule, Doubt, RuleList } from '../device/device.ts'
import type { Outcome } from './ask-set.ts'
import { type Passing, passageOf } from './passing.ts'

type Way = 'in' | 'out'

/** What a gateway keeps of a connection at one of its interfaces. */
export interface Session {
  /** `undefined`: it is not known which. */
  readonly interface: string | undefined
  /** How its first packet passes the interface. */
  readonly way: Way
  /** Of which packets filters of the interface are not asked. */
  readonly of: NonNullable<DeviceRule['makesSession']>
  /** Why it may not be there. */
  readonly doubt?: Doubt
}

/** The session because of which a list is not asked of a packet; with a doubt where it may be asked all the same. */
export function sparingSession(passing: Passing, { sparesSessions = [] }: RuleList): Session | undefined {
  const found = sparesSessions.flatMap((way) => sessionsAt(passing, way))
  return found.find(({ doubt }) => doubt === undefined) ?? found[0]
}

function sessionsAt(passing: Passing, way: Way): Session[] {
  const name = interfaceAt(passing, way)
  const known = (passing.known?.sessions ?? []).filter((one) => one.of === 'both-ways' || one.way !== way)
  return [
    ...known.flatMap((one) => {
      if (one.interface !== undefined && name !== undefined) return one.interface === name ? [one] : []
      return [{ ...one, doubt: one.doubt ?? { line: undefined, what: 'which interface a connection comes in by' } }]
    }),
    ...(way === 'out' ? turningSessions(passing) : []),
  ]
}

/** Sessions that the packet itself made at the interface that it now leaves by again. */
export function turningSessions(passing: Passing): Session[] {
  const name = interfaceAt(passing, 'out')
  return passing.sessions
    .filter((one) => one.way === 'in' && one.interface !== undefined && one.interface === name)
    .map((one) => ({ ...one, doubt: { line: undefined, what: `what ${name} does with packets that come in by it` } }))
}

function interfaceAt(passing: Passing, way: Way): string | undefined {
  return (way === 'in' ? passing.in : passageOf(passing).out)?.name
}

/** Keeps a session of what a rule translated. */
export function keepTranslated(passing: Passing, way: Way, { makesSession }: DeviceRule): void {
  if (makesSession) passing.sessions.push({ interface: interfaceAt(passing, way), way, of: makesSession })
}

/** The session of what a list accepted, where one of the rules that may have done it makes one. */
export function sessionOf(
  list: RuleList,
  { accepting, answers, doubts }: Outcome,
): Omit<Session, 'interface'> | undefined {
  const [rule, ...others] = [...accepting].flatMap((one) => (one?.makesSession ? [one] : []))
  if (!rule?.makesSession) return undefined
  const way = list.hook === 'prerouting' || list.hook === 'input' ? 'in' : 'out'
  const session = { way, of: rule.makesSession } as const
  const isCertain = others.length + 1 === accepting.size && [...answers.keys()].every((answer) => answer === 'accept')
  if (isCertain) return session
  return { ...session, doubt: doubts[0] ?? { line: rule.line, what: `whether ${list.name} keeps a session` } }
}

/** Keeps the session of what a list accepted. */
export function keepAccepted(passing: Passing, list: RuleList, outcome: Outcome): Session | undefined {
  const made = sessionOf(list, outcome)
  const session = made && { ...made, interface: interfaceAt(passing, made.way) }
  if (session) passing.sessions.push(session)
  return session
}
