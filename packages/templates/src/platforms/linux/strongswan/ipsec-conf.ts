import { wordTable } from '@natplan/core'
import type { Numbered } from '../numbered.ts'
import { type Section, sectionOf } from './settings-tree.ts'

/** A section of ipsec.conf(5) as it was written. */
interface Conn {
  readonly name: string
  readonly line: number
  readonly settings: Map<string, { readonly line: number; readonly value: string }>
  readonly also: string[]
  readonly strange: Numbered[]
}

/**
 * Reads the connections of ipsec.conf into the form that swanctl.conf has. Those without `auto`, or with `auto=ignore`, are not loaded.
 * `isOwn`: whether an address is the gateway's, since either side may be the left one.
 */
export function readIpsecConf(lines: readonly Numbered[], isOwn: (address: string) => boolean): Section[] {
  const conns = readConns(lines)
  const standard = conns.get('%default')
  const sections = [...conns.values()].flatMap((conn) => {
    if (conn.name === '%default') return []
    const whole = withOthers(conn, { conns, standard })
    const auto = whole.settings.get('auto')?.value ?? 'ignore'
    return auto === 'ignore' ? [] : [connectionOf(whole, isOwn)]
  })
  return joined(sections)
}

/** A connection that is like one before it but for its child is a further child of that one (stroke_config.c). */
function joined(sections: readonly Section[]): Section[] {
  const found = new Map<string, Section>()
  for (const section of sections) {
    const key = isKeyed(section) ? withoutChild(section) : `${section.name} ${section.line}`
    const before = found.get(key)
    if (!before) found.set(key, section)
    else for (const [name, child] of childrenOf(section)) childrenOf(before).set(name, child)
  }
  return [...found.values()]
}

/** Reports whether a connection has an IKE peer: what passes by or drops packets has none. */
function isKeyed(section: Section): boolean {
  const modes = [...childrenOf(section).values()].map(({ settings }) => settings.get('mode')?.value ?? '')
  return section.strange.length === 0 && modes.every((mode) => mode !== 'pass' && mode !== 'drop')
}

function childrenOf({ sections }: Section): Map<string, Section> {
  return sections.get('children')?.sections ?? new Map<string, Section>()
}

function withoutChild({ settings, sections }: Section): string {
  const valuesOf = (one: ReadonlyMap<string, { readonly value: string }>) =>
    [...one].map(([key, { value }]) => `${key}=${value}`).sort()
  const ends = [...sections.values()].filter(({ name }) => name !== 'children')
  return JSON.stringify([valuesOf(settings), ends.map((end) => [end.name, valuesOf(end.settings)]).sort()])
}

function readConns(lines: readonly Numbered[]): Map<string, Conn> {
  const conns = new Map<string, Conn>()
  let current: Conn | undefined
  for (const line of lines) {
    const text = line.text.replace(/(^|\s)#.*$/, '').trimEnd()
    const [, kind, name = ''] = /^(conn|config|ca)\s+(\S+)/.exec(text) ?? []
    if (kind !== undefined) {
      current = kind === 'conn' ? (conns.get(name) ?? connOf(name, line.line)) : undefined
      if (current) conns.set(name, current)
    } else if (text.trim() !== '' && current) take(line, text.trim(), current)
  }
  return conns
}

function connOf(name: string, line: number): Conn {
  return { name, line, settings: new Map(), also: [], strange: [] }
}

function take(line: Numbered, text: string, conn: Conn): void {
  const at = text.indexOf('=')
  const key = text.slice(0, Math.max(0, at)).trim().toLowerCase()
  const value = text
    .slice(at + 1)
    .trim()
    .replace(/^"(.*)"$/, '$1')
  if (at < 0) conn.strange.push(line)
  else if (key === 'also') conn.also.push(value)
  else conn.settings.set(key, { line: line.line, value })
}

/** Sections that name others: no deeper than this. */
const deepest = 8

/** A connection with what `also` and `%default` add; what it says itself counts. */
function withOthers(
  conn: Conn,
  { conns, standard }: { readonly conns: ReadonlyMap<string, Conn>; readonly standard: Conn | undefined },
): Conn {
  const whole = connOf(conn.name, conn.line)
  const left = new Set<string>()
  const add = (one: Conn, depth: number): void => {
    if (left.has(one.name)) return
    left.add(one.name)
    for (const [key, setting] of one.settings) if (!whole.settings.has(key)) whole.settings.set(key, setting)
    whole.strange.push(...one.strange)
    for (const name of one.also) {
      const other = conns.get(name)
      if (other && depth < deepest) add(other, depth + 1)
      else whole.strange.push({ line: one.line, text: `also=${name}` })
    }
  }
  add(conn, 0)
  if (standard) add(standard, 0)
  return whole
}

/** Settings that are called otherwise in swanctl.conf, of the connection and of its child. */
const ownNames: Readonly<Record<string, string>> = wordTable({
  ike: 'proposals',
  ikelifetime: 'rekey_time',
  dpddelay: 'dpd_delay',
  dpdtimeout: 'dpd_timeout',
  forceencaps: 'encap',
  mobike: 'mobike',
})

const childNames: Readonly<Record<string, string>> = wordTable({
  esp: 'esp_proposals',
  phase2alg: 'esp_proposals',
  ah: 'ah_proposals',
  lifetime: 'life_time',
  keylife: 'life_time',
  dpdaction: 'dpd_action',
  mark_in: 'mark_in',
  mark_out: 'mark_out',
  if_id_in: 'if_id_in',
  if_id_out: 'if_id_out',
  installpolicy: 'policies',
})

const harmless = [
  ...'auto fragmentation reauth rekey rekeymargin margintime margintime rekeyfuzz keyingtries'.split(' '),
  ...'compress closeaction reqid inactivity tfc replay_window aggressive modeconfig eap_identity'.split(' '),
  ...'aaa_identity xauth xauth_identity ikedscp sha256_96 margin marginbytes marginpackets lifebytes'.split(' '),
  ...'lifepackets keyexchange type authby mark dpdaction me_peerid uniqueids'.split(' '),
]

const sideHarmless = [
  ...'sendcert ca ca2 groups groups2 hostaccess allowany nexthop dns ikeport certpolicy id2 cert2 firewall'.split(' '),
  ...'updown subnet sourceip protoport id cert auth auth2 sigkey rsasigkey'.split(' '),
]

function connectionOf(conn: Conn, isOwn: (address: string) => boolean): Section {
  const get = (key: string) => conn.settings.get(key)?.value
  const isTurned = isOwn(get('right') ?? '') && !isOwn(get('left') ?? '')
  const [local, remote] = isTurned ? (['right', 'left'] as const) : (['left', 'right'] as const)
  const section = sectionOf(conn.name, conn.line)
  section.strange.push(...conn.strange)
  const set = (into: Section, key: string, value: string | undefined, from: string): void => {
    if (value !== undefined) into.settings.set(key, { line: conn.settings.get(from)?.line ?? conn.line, value })
  }
  const child = sectionOf(conn.name, conn.line)
  const children = sectionOf('children', conn.line)
  children.sections.set(conn.name, child)
  section.sections.set('children', children)
  set(section, 'version', versions[get('keyexchange') ?? 'ike'] ?? get('keyexchange'), 'keyexchange')
  set(section, 'rekey_time', get('ikelifetime') ?? '3h', 'ikelifetime')
  set(section, 'dpd_delay', get('dpddelay') ?? '30s', 'dpddelay')
  set(child, 'life_time', get('lifetime') ?? get('keylife') ?? '1h', 'lifetime')
  set(child, 'mode', modes[get('type') ?? 'tunnel'] ?? get('type'), 'type')
  set(child, 'start_action', startActions[get('auto') ?? ''] ?? get('auto'), 'auto')
  for (const direction of ['in', 'out']) set(child, `mark_${direction}`, get('mark'), 'mark')
  for (const [key, { value }] of conn.settings) {
    const own = Object.hasOwn(ownNames, key) ? ownNames[key] : undefined
    const inner = Object.hasOwn(childNames, key) ? childNames[key] : undefined
    if (own !== undefined) set(section, own, withStandard(key, value), key)
    else if (inner !== undefined) set(child, inner, withStandard(key, value), key)
    else if (!harmless.includes(key) && !isOfSide(key)) set(section, key, value, key)
  }
  for (const side of [local, remote]) {
    const isLocal = side === local
    const name = isLocal ? 'local' : 'remote'
    section.sections.set(name, endOf(conn, side, name))
    set(section, `${name}_addrs`, addressOf(get(side)), side)
    set(child, `${name}_ts`, selectorsOf(get(`${side}subnet`), get(`${side}protoport`)), `${side}subnet`)
    set(section, isLocal ? 'vips' : 'pools', get(`${side}sourceip`), `${side}sourceip`)
  }
  const script = get(`${local}updown`) ?? get(`${remote}updown`)
  set(child, 'updown', script, `${local}updown`)
  return section
}

const versions = wordTable({ ike: '0', ikev1: '1', ikev2: '2' })

const startActions = wordTable({ add: 'none', route: 'trap', start: 'start' })

const modes: Readonly<Record<string, string>> = wordTable({
  tunnel: 'tunnel',
  transport: 'transport',
  transport_proxy: 'transport',
  passthrough: 'pass',
  pass: 'pass',
  drop: 'drop',
  reject: 'drop',
})

function isOfSide(key: string): boolean {
  const [, rest] = /^(?:left|right)(.*)$/.exec(key) ?? []
  return rest !== undefined && (rest === '' || sideHarmless.includes(rest))
}

/** Without `!` strongSwan adds its own proposals behind those that are named. */
function withStandard(key: string, value: string): string {
  return (key === 'ike' || key === 'esp') && !value.endsWith('!') ? `${value},default` : value
}

/** `%any`, `%defaultroute` and names in front of a `%` leave the address open. */
function addressOf(text: string | undefined): string | undefined {
  return text === undefined || text.startsWith('%') ? '%any' : text
}

/** `leftprotoport=tcp/80` is for all subnets; where a subnet names its own, both are there and the text is not understood. */
function selectorsOf(subnets: string | undefined, protocolPort: string | undefined): string | undefined {
  const only = protocolPort === undefined ? '' : `[${protocolPort.replace('/%any', '')}]`
  const listed = subnets?.split(',').map((one) => one.trim().replace(/^%dynamic/, 'dynamic')) ?? ['dynamic']
  return listed.map((one) => `${one}${only}`).join(',')
}

function endOf(conn: Conn, side: 'left' | 'right', name: string): Section {
  const section = sectionOf(name, conn.line)
  const get = (key: string) => conn.settings.get(key)
  const copy = (key: string, from: string): void => {
    const setting = get(`${side}${from}`)
    if (setting) section.settings.set(key, setting)
  }
  const authBy = get('authby')
  if (authBy) section.settings.set('auth', { ...authBy, value: authWord(authBy.value) })
  copy('auth', 'auth')
  copy('id', 'id')
  copy('certs', 'cert')
  copy('pubkeys', 'rsasigkey')
  copy('pubkeys', 'sigkey')
  if (get(`${side}auth2`)) section.settings.set('auth', { line: conn.line, value: 'eap' })
  return section
}

/** `authby` is for both ends; with XAuth there are rounds of its own. */
function authWord(text: string): string {
  if (text.startsWith('xauth')) return 'xauth'
  return /secret|psk/.test(text) ? 'psk' : 'pubkey'
}
