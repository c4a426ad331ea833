import {
  Address,
  type Authentication,
  type DeviceEnd,
  type DeviceTunnel,
  type Doubt,
  type NamedAddress,
  Prefix,
  wordTable,
} from '@natplan/core'
import { prefixOf } from '../words.ts'
import { type BindingKey, type ReadChild, readChild } from './child.ts'
import { ikeOffers } from './proposals.ts'
import type { Section } from './settings-tree.ts'
import { Taken, yesNoOf } from './taken.ts'

export interface ReadTunnel {
  readonly tunnel: DeviceTunnel
  /** All that was not understood of it. */
  readonly doubts: readonly Doubt[]
}

/** What connections name and other parts of the text say. */
export interface Surroundings {
  readonly interfaceOf: (key: BindingKey) => string | undefined
  readonly looseInterface: string | undefined
  readonly switchedOf: (ifId: number) => string | undefined
  /** The addresses of a pool; `undefined` when it is not there. */
  readonly poolOf: (name: string) => readonly Prefix[] | undefined
}

const harmless = [
  ...'fragmentation unique keyingtries over_time rand_time send_cert send_certreq aggressive pull'.split(' '),
  ...'dscp childless ppk_id ppk_required local_port remote_port ocsp ocsp_cert label'.split(' '),
]

const standardRekey = 14_400

/** Reads one connection of swanctl.conf. natplan's own go by the name of the peer. */
export function readConnection(section: Section, surroundings: Surroundings): ReadTunnel {
  const own = new Taken(section)
  own.pass(harmless)
  const ends = { local: endsOf(section, 'local'), remote: endsOf(section, 'remote') }
  const local = endOf(own.list('local_addrs'), ends.local, 'certificate')
  const remote = endOf(own.list('remote_addrs'), ends.remote, 'unknown')
  const versions = own.read('version', versionsOf, [2, 1] as const)
  const { offers: ike, isWhole } = ikeOffers(own.text('proposals'))
  const reauth = own.seconds('reauth_time', 0)
  const lifetime = own.seconds('rekey_time', reauth > 0 ? reauth : standardRekey)
  const deadPeer = { interval: own.seconds('dpd_delay', 0), timeout: own.seconds('dpd_timeout', 0) }
  const forceNatTraversal = own.yesNo('encap')
  const mobike = own.read<boolean | undefined>('mobike', yesNoOf, undefined)
  if (own.yesNo('mediation') || own.text('mediated_by') !== undefined) own.refuse('mediated_by')
  own.pass(['mediation_peer'])
  const children = readChildren(section, {
    interfaceOf: surroundings.interfaceOf,
    looseInterface: surroundings.looseInterface,
    switchedOf: surroundings.switchedOf,
    local: dynamicOf(local.end.address, own.list('vips').length > 0 ? undefined : []),
    remote: dynamicOf(remote.end.address, poolsOf(own.list('pools'), surroundings)),
    ifIds: { in: own.text('if_id_in'), out: own.text('if_id_out') },
    isOwn: section.name.startsWith('natplan-'),
    hasOnePair: versions.every((version) => version === 1),
  })
  const doubts = [
    ...own.doubts(),
    ...local.doubts,
    ...remote.doubts,
    ...children.flatMap((child) => child.doubts),
    ...strangersIn(section),
  ].sort((a, b) => (a.line ?? 0) - (b.line ?? 0))
  const protecting = children.filter((child) => child.children.some(({ kind }) => kind === 'protect'))
  const first = protecting[0] ?? children[0]
  const tunnel: DeviceTunnel = {
    name: section.name.replace(/^natplan-/, ''),
    local: { ...local.end, identity: local.end.identity ?? ownIdentity(local.end.address, local.auth) },
    remote: { ...remote.end, identity: remote.end.identity ?? '%any' },
    versions,
    ike,
    esp: offersOf(protecting.length > 0 ? protecting : children),
    isWhole: isWhole && isAlike(protecting) && protecting.every((child) => child.isWhole),
    lifetimes: { ike: lifetime, esp: first?.lifetime ?? 3960 },
    deadPeer: { action: first?.action ?? 'clear', ...deadPeer },
    authentication: local.auth,
    ...certificatesOf(local, remote),
    ...(local.auth === remote.auth ? {} : { expects: remote.auth }),
    keyDigest: undefined,
    start: first?.start ?? 'respond',
    forceNatTraversal,
    ...(mobike === false ? { mobike } : {}),
    children: children.flatMap((child) => child.children),
    ...whenDownOf(children),
    line: section.line,
    ...(doubts[0] ? { doubt: doubts[0] } : {}),
  }
  return { tunnel, doubts }
}

/** What is not known of one child is not known of the tunnel. */
function whenDownOf(children: readonly ReadChild[]): Pick<DeviceTunnel, 'whenDown'> {
  const all = children.map(({ whenDown }) => whenDown)
  const found = all.find((one) => one && 'doubt' in one) ?? all.find((one) => one !== undefined)
  return found ? { whenDown: found } : {}
}

/** What the daemon has in files is called by what stands before their ending. */
function certificatesOf(local: End, remote: End): Pick<DeviceTunnel, 'certificates'> {
  if (local.auth !== 'certificate') return {}
  const nameOf = (file: string | undefined) => file?.replace(/\.pem$/, '')
  return { certificates: { certificate: nameOf(local.certs), ca: nameOf(remote.cacerts) } }
}

const versions = wordTable<DeviceTunnel['versions']>({ 0: [2, 1], 1: [1], 2: [2] })

function versionsOf(text: string): DeviceTunnel['versions'] | undefined {
  return versions[text]
}

function endsOf({ sections }: Section, side: 'local' | 'remote'): Section[] {
  return [...sections.values()].filter(({ name }) => name.startsWith(side))
}

/** Sections that no connection has. */
function strangersIn({ sections }: Section): Doubt[] {
  const strangers = [...sections.values()].filter(({ name }) => !/^(local|remote|children$)/.test(name))
  return strangers.map(({ line, name }) => ({ line, what: `${name} {` }))
}

interface End {
  readonly end: DeviceEnd
  readonly auth: Authentication
  readonly certs: string | undefined
  readonly cacerts: string | undefined
  readonly doubts: readonly Doubt[]
}

/**
 * One end; with several rounds of authentication the first one names it. Without one the daemon has a certificate itself and takes
 * whatever the other end has.
 */
function endOf(addresses: readonly string[], rounds: readonly Section[], standard: Authentication): End {
  const read = rounds.map((section) => ({ section, settings: new Taken(section) }))
  const parsed = read.map(({ section, settings }) => {
    settings.pass(['round', 'eap_id', 'aaa_id', 'xauth_id', 'groups', 'cert_policy', 'revocation', 'ca_id'])
    const auth = authOf(settings.text('auth'), settings.text('pubkeys') !== undefined)
    const [certs, cacerts] = ['certs', 'cacerts'].map((key) => settings.text(key))
    settings.pass([...section.sections.keys()])
    return { auth, certs, cacerts, identity: settings.text('id'), doubts: settings.doubts() }
  })
  const [first, ...more] = parsed
  return {
    end: { address: addressOf(addresses), identity: first?.identity },
    auth: more.length > 0 ? 'other' : (first?.auth ?? standard),
    certs: first?.certs,
    cacerts: first?.cacerts,
    doubts: parsed.flatMap((one) => one.doubts),
  }
}

/** Nothing written is `pubkey`. */
function authOf(text = 'pubkey', hasKeys = false): Authentication {
  if (/^psk$/i.test(text)) return 'key'
  if (/^any$/i.test(text)) return 'unknown'
  return /^(ike:|pubkey|rsa|ecdsa|ed25519|ed448)/i.test(text) ? (hasKeys ? 'public-key' : 'certificate') : 'other'
}

/** One address is known; a name and a list of several are one of them, whichever that is. */
function addressOf(listed: readonly string[]): NamedAddress {
  const single = listed.filter((text) => !/[/]|^%|^0\.0\.0\.0$|^::$/.test(text) && !isRange(text))
  const [first, ...more] = single
  if (first === undefined) return { kind: 'any' }
  const address = Address.tryParse(first)
  if (more.length > 0 || listed.length > 1) return { kind: 'host', name: listed.join(', ') }
  return address ? { kind: 'known', address } : { kind: 'host', name: first }
}

function isRange(text: string): boolean {
  return text.split('-').every((part) => Address.tryParse(part) !== undefined) && text.includes('-')
}

/** With a certificate it is the subject that is written there; otherwise the address. */
function ownIdentity(address: NamedAddress, auth: Authentication): string | undefined {
  return auth === 'key' && address.kind === 'known' ? address.address.toString() : undefined
}

/** What `dynamic` stands for: members of pools where there are some, otherwise the address itself. */
function dynamicOf(address: NamedAddress, pools: readonly Prefix[] | undefined): readonly Prefix[] | undefined {
  if (pools === undefined || pools.length > 0) return pools
  return address.kind === 'known' ? [Prefix.of(address.address)] : undefined
}

function poolsOf(names: readonly string[], { poolOf }: Surroundings): readonly Prefix[] | undefined {
  const pools = names.map((name) => {
    const inline = prefixOf(name)
    return inline ? [inline] : poolOf(name)
  })
  return pools.every((pool) => pool !== undefined) ? pools.flat() : undefined
}

function readChildren(section: Section, context: Parameters<typeof readChild>[1]): ReadChild[] {
  const block = section.sections.get('children')
  if (!block) return []
  const stray: ReadChild[] = new Taken(block).doubts().map((doubt) => ({
    ...{ children: [], offers: [], isWhole: true, lifetime: 0, action: 'clear', start: 'respond', whenDown: undefined },
    doubts: [doubt],
  }))
  return [...[...block.sections.values()].map((child) => readChild(child, context)), ...stray]
}

function offersOf(children: readonly ReadChild[]): DeviceTunnel['esp'] {
  const offers = new Map(
    children.flatMap((child) => child.offers.map((offer) => [JSON.stringify(offer), offer] as const)),
  )
  return [...offers.values()]
}

/** Children with other offers than the first are not compared one by one. */
function isAlike(children: readonly ReadChild[]): boolean {
  return new Set(children.map(({ offers }) => JSON.stringify(offers))).size <= 1
}
