import { everyAddress, type PacketMatch, type RuleAction } from '@natplan/core'
import { addressRange, everyAddressOf, icmpTypeRange, portRange, protocolRange } from '../words.ts'
import { type ChainRule, type Effect, goesOn, type Verdict } from './chain.ts'
import { meet } from './meet.ts'
import { matchOf, setOf } from './nft-fields.ts'
import { actionOf } from './nft-translation.ts'

interface RulePlace {
  readonly line: number
  readonly text: string
  readonly family: 4 | 6
  readonly chain: string
}

/** Reads what follows `-A CHAIN`. */
export function readIptablesRule(words: readonly string[], place: RulePlace): ChainRule[] {
  const rule = new RuleReader(words, place).read()
  return rule ? [rule] : []
}

/** Matches that ask nothing by themselves, or whose options are known. */
const modules = [
  ...[
    'tcp',
    'udp',
    'sctp',
    'icmp',
    'icmp6',
    'icmpv6',
    'comment',
    'policy',
    'multiport',
    'conntrack',
    'state',
    'iprange',
  ],
  'udplite',
]

/** Targets after which a packet goes on to the next rule. */
const passing = [
  ...[
    'LOG',
    'NFLOG',
    'ULOG',
    'MARK',
    'CONNMARK',
    'SECMARK',
    'CONNSECMARK',
    'TCPMSS',
    'CLASSIFY',
    'DSCP',
    'TOS',
    'TTL',
    'HL',
  ],
  ...['SET', 'TRACE', 'AUDIT', 'CHECKSUM', 'IDLETIMER', 'LED', 'RATEEST', 'TCPOPTSTRIP', 'ECN', 'CT', 'NOTRACK'],
]

class RuleReader {
  readonly #words: readonly string[]
  readonly #place: RulePlace
  #at = 0
  #match: PacketMatch
  #isNever = false
  #doubt: string | undefined
  #comment: string | undefined
  #verdict: Verdict = goesOn
  #effect: Effect | undefined

  constructor(words: readonly string[], place: RulePlace) {
    this.#words = words
    this.#place = place
    this.#match = {}
  }

  read(): ChainRule | undefined {
    while (this.#at < this.#words.length) this.#option()
    if (this.#isNever) return undefined
    const { line, text, family } = this.#place
    const hasAddress = this.#match.source || this.#match.destination
    return {
      line,
      text: text.trim(),
      match: hasAddress ? this.#match : { ...this.#match, source: everyAddressOf(family) },
      verdict: this.#verdict,
      comment: this.#comment,
      doubt: this.#doubt,
      ...(this.#effect ? { effect: this.#effect } : {}),
    }
  }

  #next(): string {
    return this.#words[this.#at++] ?? ''
  }

  #option(): void {
    const isNegated = this.#words[this.#at] === '!'
    if (isNegated) this.#at++
    const name = this.#next()
    if (name === '-j' || name === '--jump' || name === '-g' || name === '--goto')
      return this.#target(name.includes('g'))
    if (name === '-m' || name === '--match') return this.#module(this.#next())
    if (name === '--comment') {
      this.#comment = this.#next()
      return undefined
    }
    if (name === '-c') {
      this.#at += 2
      return undefined
    }
    const match = this.#asked(name, isNegated)
    if (match) this.#narrow(match)
    else this.#unclear()
  }

  /** Something that is not understood narrows the rule; its values are passed over. */
  #unclear(): void {
    this.#doubt ??= this.#place.text.trim()
    while (this.#at < this.#words.length && !/^(-|!)/.test(this.#words[this.#at] ?? '')) this.#at++
  }

  #module(name: string): void {
    if (!modules.includes(name)) this.#doubt ??= this.#place.text.trim()
  }

  #narrow(match: PacketMatch): void {
    const met = meet(this.#match, match)
    if (!met) this.#isNever = true
    else {
      this.#match = met.match
      if (!met.isExact) this.#doubt ??= this.#place.text.trim()
    }
  }

  /** What an option asks; `undefined` when it is not understood. */
  #asked(name: string, isNegated: boolean): PacketMatch | undefined {
    const operator = isNegated ? '!=' : '=='
    switch (name) {
      case '-s':
      case '--source':
      case '--src':
        return this.#addresses('source', isNegated)
      case '-d':
      case '--destination':
      case '--dst':
        return this.#addresses('destination', isNegated)
      case '--src-range':
        return this.#addresses('source', isNegated)
      case '--dst-range':
        return this.#addresses('destination', isNegated)
      case '-i':
      case '--in-interface':
        return { in: { names: [this.#next()], negated: isNegated } }
      case '-o':
      case '--out-interface':
        return { out: { names: [this.#next()], negated: isNegated } }
      case '-p':
      case '--protocol':
        return this.#protocol(isNegated)
      case '--sport':
      case '--source-port':
      case '--sports':
      case '--source-ports':
        return matchOf({ kind: 'port', side: 'sourcePort', protocol: undefined }, { operator, values: this.#list() })
      case '--dport':
      case '--destination-port':
      case '--dports':
      case '--destination-ports':
        return matchOf(
          { kind: 'port', side: 'destinationPort', protocol: undefined },
          { operator, values: this.#list() },
        )
      case '--state':
      case '--ctstate': {
        const values = this.#list().map((state) => state.toLowerCase())
        return matchOf({ kind: 'state' }, { operator, values })
      }
      case '--icmp-type': {
        const types = setOf([this.#next()], icmpTypeRange)
        return types && !isNegated ? { icmpType: types } : undefined
      }
      case '--dir':
        return isNegated ? undefined : this.#policy(this.#next())
      default:
        return undefined
    }
  }

  #list(): string[] {
    return this.#next().split(',')
  }

  #addresses(side: 'source' | 'destination', isNegated: boolean): PacketMatch | undefined {
    const set = setOf(this.#list(), addressRange)
    return set && { [side]: isNegated ? set.complementIn(everyAddress(this.#place.family)) : set }
  }

  #protocol(isNegated: boolean): PacketMatch | undefined {
    const name = this.#next()
    if (name === 'all' || name === '0') return isNegated ? undefined : {}
    const set = setOf([name], protocolRange)
    return set && { protocol: isNegated ? set.complementIn({ first: 0, last: 255 }) : set }
  }

  /** `-m policy --dir in --pol ipsec`; what else is asked of the policy narrows it. */
  #policy(direction: string): PacketMatch | undefined {
    if (this.#words[this.#at] !== '--pol') return undefined
    this.#at++
    const how = { ipsec: 'encrypted', none: 'clear' }[this.#next()] as 'encrypted' | 'clear' | undefined
    if (!how || (direction !== 'in' && direction !== 'out')) return undefined
    return direction === 'in' ? { arrived: how } : { leaving: how }
  }

  /** What stands behind the target are its options. */
  #target(isGoto: boolean): void {
    const target = this.#next()
    const options = this.#words.slice(this.#at)
    this.#at = this.#words.length
    this.#takeComment(options)
    if (passing.includes(target)) this.#pass(target, options)
    else this.#verdict = verdictOf(target, options, { isGoto, chain: this.#place.chain })
    if (this.#verdict.kind === 'unknown') this.#doubt ??= this.#place.text.trim()
  }

  #takeComment(options: readonly string[]): void {
    const at = options.indexOf('--comment')
    if (at >= 0) this.#comment = options[at + 1]
  }

  #pass(target: string, options: readonly string[]): void {
    const mss = Number(valueOf(options, '--set-mss') ?? Number.NaN)
    if (target === 'TCPMSS' && Number.isInteger(mss)) this.#effect = { kind: 'clamp', mss }
    if (target === 'NOTRACK' || (target === 'CT' && options.includes('--notrack'))) this.#effect = { kind: 'rewrite' }
  }
}

function valueOf(options: readonly string[], name: string): string | undefined {
  const at = options.indexOf(name)
  return at < 0 ? undefined : options[at + 1]
}

function verdictOf(
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
      return translate(targetOf(valueOf(options, '--to-source')))
    case 'DNAT':
      return translate(targetOf(valueOf(options, '--to-destination')))
    case 'NETMAP':
      return translate(actionOf(valueOf(options, '--to') ?? '', { isPrefix: true, ports: undefined }))
    case 'MASQUERADE':
      return translate(masqueradeOf(valueOf(options, '--to-ports')))
    default:
      return isUserChain(target) && chain !== ''
        ? { kind: isGoto ? 'goto' : 'jump', chain: target }
        : { kind: 'unknown' }
  }
}

/** Targets that are no chains and that are not followed. */
const otherTargets = [
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
