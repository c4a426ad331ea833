import type { RuleAction } from '@natplan/core'
import { portRange } from '../words.ts'
import type { Verdict } from './chain.ts'
import { actionOf } from './nft-translation.ts'

/** Targets after which a packet goes on to the next rule. */
export const passing: readonly string[] = [
  ...'LOG NFLOG ULOG MARK CONNMARK SECMARK CONNSECMARK TCPMSS CLASSIFY DSCP TOS TTL HL SET TRACE AUDIT'.split(' '),
  ...'CHECKSUM IDLETIMER LED RATEEST TCPOPTSTRIP ECN CT NOTRACK'.split(' '),
]

/** The word behind an option. */
export function optionOf(options: readonly string[], name: string): string | undefined {
  const at = options.indexOf(name)
  return at < 0 ? undefined : options[at + 1]
}

/** What a target does to a packet; any name that is not a target is that of a chain. */
export function verdictOf(
  target: string,
  options: readonly string[],
  { isGoto, chain }: { readonly isGoto: boolean; readonly chain: string },
): Verdict {
  switch (target) {
    case 'ACCEPT':
      return { kind: 'accept' }
    case 'DROP':
      return { kind: 'drop' }
    case 'REJECT':
      return { kind: 'reject' }
    case 'RETURN':
      return { kind: 'return' }
    case 'SNAT':
      return translate(targetOf(optionOf(options, '--to-source')))
    case 'DNAT':
      return translate(targetOf(optionOf(options, '--to-destination')))
    case 'NETMAP':
      return translate(actionOf(optionOf(options, '--to') ?? '', { isPrefix: true, ports: undefined }))
    case 'MASQUERADE':
      return translate(masqueradeOf(optionOf(options, '--to-ports')))
    default:
      return isUserChain(target) && chain !== ''
        ? { kind: isGoto ? 'goto' : 'jump', chain: target }
        : { kind: 'unknown' }
  }
}

/** Targets that are no chains and that are not followed. */
export const otherTargets: readonly string[] = [
  'REDIRECT',
  'QUEUE',
  'NFQUEUE',
  'TPROXY',
  'TEE',
  'SYNPROXY',
  'DNPT',
  'SNPT',
  'HMARK',
  'SAME',
  'MIRROR',
  '',
]

function isUserChain(target: string): boolean {
  return !otherTargets.includes(target)
}

function translate(action: RuleAction | undefined): Verdict {
  return action ? { kind: 'translate', action } : { kind: 'unknown' }
}

function masqueradeOf(ports: string | undefined): RuleAction | undefined {
  if (ports === undefined) return { kind: 'masquerade' }
  const range = portRange(ports)
  return range && { kind: 'masquerade', ports: range }
}

/** `10.0.0.1`, `10.0.0.1:80`, `10.0.0.1-10.0.0.9:80-90`. */
function targetOf(text: string | undefined): RuleAction | undefined {
  const [address = '', written, ...more] = (text ?? '').split(':')
  if (more.length > 0) return actionOf((text ?? '').replace(/^\[(.*)\]$/, '$1'), { isPrefix: false, ports: undefined })
  const ports = written === undefined ? undefined : portRange(written)
  return written !== undefined && !ports ? undefined : actionOf(address, { isPrefix: false, ports })
}
