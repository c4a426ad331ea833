import { Address, type Claim, type DeviceInterface, type InterfaceKind, Prefix, type Unread } from '@natplan/core'
import type { Numbered } from '../numbered.ts'
import { numberOf } from '../words.ts'
import { vrfTable } from './routes.ts'

/** What is known of an interface while its lines are read. */
interface Link {
  readonly name: string
  readonly line: number
  kind: InterfaceKind | undefined
  master: string | undefined
  /** Of a VRF: the routing table that its members use. */
  vrfTable: string | undefined
  /** It was switched off: its networks are not reached. */
  isDown: boolean
  /** What is said of it would show a mark of natplan's. */
  isGrouped: boolean
  /** The other end of a veth pair, as it is named on this end. */
  peer: string | undefined
  binding: { readonly kind: 'xfrm' | 'vti'; readonly id: number } | undefined
  /** Of a VTI: the gateway that it sends to, where it is fixed. */
  remote: Address | undefined
  readonly addresses: Map<string, DeviceInterface['addresses'][number]>
}

/** Interfaces as `ip address` and `ip -d link` print them, and as `ip link add` and `ip address add` make them. */
export class Links {
  readonly #links = new Map<string, Link>()
  #current: Link | undefined

  /** Takes a line that belongs to an interface; false for any other. */
  take(line: Numbered): boolean {
    const { text } = line
    return this.#header(line) || this.#detail(line) || this.#brief(text, line) || false
  }

  /** The lines of one interface end here. */
  leave(): void {
    this.#current = undefined
  }

  #linkOf(name: string, line: number): Link {
    const link = this.#links.get(name) ?? {
      ...{ name, line, kind: undefined, master: undefined, vrfTable: undefined, peer: undefined, binding: undefined },
      remote: undefined,
      isDown: false,
      isGrouped: false,
      addresses: new Map(),
    }
    this.#links.set(name, link)
    return link
  }

  /** `2: eth1@if5: <BROADCAST,UP> mtu 1500 … master vrf-red`, and the one-line forms of `ip -o`. */
  #header({ text, line }: Numbered): boolean {
    const [, name, below, flags, rest = ''] =
      /^\s*\d{1,9}: ([^\s:@]{1,64})(?:@([^\s:]*))?: <([A-Z0-9_,-]*)>(.*)$/.exec(text) ?? []
    if (name === undefined) {
      const [, one, address] = /^\s*\d{1,9}: ([^\s:@]{1,64})(?:@\S*)?\s+(inet6? .*)$/.exec(text) ?? []
      if (one === undefined || address === undefined) return false
      this.#current = this.#linkOf(one, line)
      return this.#address(address, line, this.#current)
    }
    this.#current = this.#linkOf(name, line)
    this.#current.isDown = !/(^|,)UP(,|$)/.test(flags ?? '')
    if (flags?.includes('LOOPBACK')) this.#current.kind = 'loopback'
    this.#current.peer = below ?? this.#current.peer
    this.#current.master = wordAfter(rest, 'master') ?? this.#current.master
    this.#current.isGrouped ||= wordAfter(rest, 'group') !== undefined
    if (rest.includes('\\')) this.#details(rest, this.#current)
    return true
  }

  /** The indented lines below it. */
  #detail({ text, line }: Numbered): boolean {
    const link = this.#current
    if (!link || !/^\s/.test(text)) return false
    const own = text.trim()
    if (wordAfter(own, 'link-netns') !== undefined) link.kind = 'far'
    if (/^inet6? /.test(own)) return this.#address(own, line, link)
    if (/^link\//.test(own)) this.#details(own, link)
    else if (!isDetail(own)) return false
    else this.#details(own, link)
    return true
  }

  #details(text: string, link: Link): void {
    if (/(^|\s)link\/ppp/.test(text)) link.kind ??= 'physical'
    const id = numberOf(wordAfter(text, 'if_id') ?? '', 0xffffffff)
    if (/^xfrm /.test(text) && id !== undefined) this.#bind(link, { kind: 'xfrm', id })
    const key = keyOf(wordAfter(text, 'okey') ?? wordAfter(text, 'key'))
    if (/^(vti6?|link\/ipip6?|link\/tunnel6) /.test(text) && key !== undefined) {
      this.#bind(link, { kind: 'vti', id: key })
      link.remote = Address.tryParse(wordAfter(text, 'remote') ?? '') ?? link.remote
    }
    const [, kind] = /^([a-z0-9_]+)( |$)/.exec(text) ?? []
    const known = kind === undefined ? undefined : kindOf(kind)
    if (known) link.kind ??= known
    if (kind === 'vrf') link.vrfTable = wordAfter(text, 'table')
  }

  #bind(link: Link, binding: NonNullable<Link['binding']>): void {
    link.binding ??= binding
    link.kind = 'virtual'
  }

  /** `inet 192.0.2.1/24 brd 192.0.2.255 scope global dynamic eth1`, `inet 10.0.0.1 peer 10.0.0.2/32 …` */
  #address(text: string, line: number, link: Link): boolean {
    const [, own, peer, length] =
      /^inet6? ([0-9A-Fa-f.:]{2,45})(?: peer ([0-9A-Fa-f.:]{2,45}))?(?:\/(\d{1,3}))?(?:\s|$)/.exec(text) ?? []
    const address = Address.tryParse(own ?? '')
    const network = networkOf(Address.tryParse(peer ?? '') ?? address, length)
    if (!address || !network) return false
    link.addresses.set(address.toString(), { kind: 'known', address, network, line })
    return true
  }

  /** `ip -br address`: `eth0  UP  192.0.2.1/24 fe80::1/64`. */
  #brief(text: string, { line }: Numbered): boolean {
    const [, name, below, rest] =
      /^([A-Za-z][\w.:-]{0,63})(?:@(\S+))?\s+(?:UP|DOWN|UNKNOWN|LOWERLAYERDOWN)(?:\s+(.*))?$/.exec(text) ?? []
    if (name === undefined) return false
    const link = this.#linkOf(name, line)
    link.peer = below ?? link.peer
    for (const word of (rest ?? '').split(/\s+/)) if (/\/\d/.test(word)) this.#address(`inet ${word}`, line, link)
    return true
  }

  /** `ip link add xfrm0 type xfrm dev eth0 if_id 42`, `ip tunnel add …`; false when it is not understood. */
  addLink(words: readonly string[], line: number): boolean {
    const own = words.filter((word) => word !== 'name')
    const name =
      own[0] === 'dev' ? own[1] : own.find((word, index) => !['link'].includes(word) && own[index - 1] !== 'link')
    const at = own.indexOf('type')
    const mode = own.indexOf('mode')
    const kind = at >= 0 ? own[at + 1] : mode >= 0 ? own[mode + 1] : undefined
    if (name === undefined || kind === undefined) return false
    const rest = own.slice(own.indexOf(kind))
    const peer = kind === 'veth' ? wordAfter(rest.join(' '), 'peer') : undefined
    // A peer in another namespace, or with settings of its own.
    if (peer !== undefined && rest.length !== 3) return false
    this.#linkOf(name, line).isGrouped = true
    this.#details(rest.join(' '), this.#linkOf(name, line))
    if (peer !== undefined) this.#join(this.#linkOf(name, line), this.#linkOf(peer, line))
    return true
  }

  #join(one: Link, other: Link): void {
    one.peer = other.name
    other.peer = one.name
  }

  /** `ip link set dev eth2 master red`: a bridge or a VRF. */
  enslave(words: readonly string[]): boolean {
    const own = words[0] === 'dev' ? words.slice(1) : words
    const [name = '', verb, master, ...rest] = own.filter((word) => word !== 'up')
    const link = this.#links.get(name)
    if (!link || (verb !== 'master' && verb !== 'vrf') || master === undefined || rest.length > 0) return false
    link.master = master
    return true
  }

  /** `ip address add 192.0.2.1/24 dev eth1` */
  addAddress(words: readonly string[], line: number): boolean {
    const at = words.indexOf('dev')
    const name = at < 0 ? undefined : words[at + 1]
    const [address = ''] = words.filter((word) => word !== 'local')
    return name !== undefined && this.#address(`inet ${address} `, line, this.#linkOf(name, line))
  }

  interfaces(): DeviceInterface[] {
    return [...this.#links.values()].map((link) => ({
      name: link.name,
      // What stands for a VRF has no neighbours of its own.
      kind: link.vrfTable === undefined ? (link.kind ?? kindByName(link.name)) : 'loopback',
      addresses: [...link.addresses.values()],
      table: this.#tableOf(link),
      ...this.#vrfOf(link),
      ...markOf(link),
      ...this.#joinOf(link),
      line: link.line,
    }))
  }

  /** The tables of VRFs, the numbers of XFRM interfaces, and the names of all whose lines say in which group they are. */
  claims(): Claim[] {
    return [...this.#links.values()].flatMap(({ name, line, vrfTable: table, binding, isGrouped }): Claim[] => [
      ...(isGrouped ? [{ kind: 'name', value: name, by: 'an interface', line } as const] : []),
      ...(table === undefined ? [] : [{ kind: 'table', value: table, by: `the VRF ${name}`, line } as const]),
      ...(binding?.kind === 'xfrm' ? [{ kind: 'if-id', value: String(binding.id), by: name, line } as const] : []),
    ])
  }

  /** The routing tables of VRFs, by what routes call them that name the VRF. */
  vrfTables(): Map<string, string> {
    return new Map(
      [...this.#links.values()].flatMap(({ name, vrfTable: table }) =>
        table === undefined ? [] : [[vrfTable(name), table] as const],
      ),
    )
  }

  #vrfOf({ master }: Link): Pick<DeviceInterface, 'vrf'> {
    return master !== undefined && this.#isVrf(master) ? { vrf: master } : {}
  }

  /** Both ends are here and name each other; one that is part of a bridge hands packets on to that. */
  #joinOf(link: Link): Pick<DeviceInterface, 'joins' | 'kind'> | undefined {
    const peer = this.#links.get(link.peer ?? '')
    if (!peer || peer.peer !== link.name || peer === link) return undefined
    const isOpen = [link, peer].every((one) => !one.isDown && (one.master === undefined || this.#isVrf(one.master)))
    return isOpen ? { kind: 'far', joins: peer.name } : { kind: 'far' }
  }

  #isVrf(name: string): boolean {
    return this.#links.get(name)?.vrfTable !== undefined
  }

  /** Interfaces that are switched off, where they have networks or a tunnel. */
  unread(): Unread[] {
    const down = [...this.#links.values()].filter(
      ({ isDown, addresses, binding }) => isDown && (addresses.size > 0 || binding),
    )
    return down.map(({ name, line }) => ({ line, text: `${name} is switched off`, touches: 'routes', isPlaced: false }))
  }

  #tableOf({ master, vrfTable }: Link): string {
    const vrf = vrfTable ?? (master === undefined ? undefined : this.#links.get(master)?.vrfTable)
    return vrf ?? 'main'
  }

  /** The one virtual interface of which neither an `if_id` nor a key is shown. */
  loose(): string | undefined {
    const found = [...this.#links.values()].filter(
      ({ binding, kind, name }) => !binding && (kind ?? kindByName(name)) === 'virtual',
    )
    return found.length === 1 ? found[0]?.name : undefined
  }

  /** Where a VTI sends to. */
  remoteOf(name: string): Address | undefined {
    return this.#links.get(name)?.remote
  }

  /** The interface with an `if_id` or a key. */
  boundTo({ kind, id }: { readonly kind: 'xfrm' | 'vti'; readonly id: number }): string | undefined {
    const found = [...this.#links.values()].filter(({ binding }) => binding?.kind === kind && binding.id === id)
    return found.length === 1 ? found[0]?.name : undefined
  }
}

/** An XFRM interface leaves its mark on packets, a VTI takes it off (net/xfrm/xfrm_input.c, net/ipv4/ip_vti.c). */
function markOf({ binding, name }: Link): Pick<DeviceInterface, 'keepsMark'> {
  const kind = binding?.kind ?? /^(?:ip_|ip6_)?(xfrm|vti)/.exec(name)?.[1]
  return kind === 'xfrm' || kind === 'vti' ? { keepsMark: kind === 'xfrm' } : {}
}

/** First words of the lines below the name of an interface. */
const details = new Set(
  [
    'valid_lft altname alias RX: TX: RX TX vf promiscuity xfrm vti vti6 vlan bridge bridge_slave bond bond_slave team',
    'team_slave veth vxlan geneve dummy tun wireguard macvlan macvtap ipvlan vrf vrf_slave ifb gre gretap ip6gre',
    'ip6gretap erspan ipip sit ip6tnl l2tp macsec ppp openvswitch nlmon',
  ].flatMap((words) => words.split(' ')),
)

function isDetail(text: string): boolean {
  return details.has(text.split(/\s/, 1)[0] ?? '') || /^([\d\s]+$|prog\/)/.test(text)
}

function wordAfter(text: string, word: string): string | undefined {
  const words = text.split(/\s+/)
  const at = words.indexOf(word)
  return at < 0 ? undefined : words[at + 1]
}

/** Keys are shown as four octets. */
function keyOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const dotted = Address.tryParse(text)
  return dotted?.family === 4 ? Number(dotted.bits) : numberOf(text, 0xffffffff)
}

function networkOf(address: Address | undefined, length: string | undefined): Prefix | undefined {
  if (!address) return undefined
  const longest = address.family === 4 ? 32 : 128
  const own = length === undefined ? longest : Number(length)
  return own <= longest ? Prefix.fromBits(address.bits, own) : undefined
}

/** Kinds by the words of `ip -d link` and `ip link add … type`. */
function kindOf(word: string): InterfaceKind | undefined {
  if (['xfrm', 'vti', 'vti6'].includes(word)) return 'virtual'
  if (
    ['wireguard', 'gre', 'gretap', 'ip6gre', 'ip6gretap', 'erspan', 'ipip', 'sit', 'ip6tnl', 'tun', 'l2tp'].includes(
      word,
    )
  )
    return 'far'
  return word === 'dummy' ? 'loopback' : undefined
}

function kindByName(name: string): InterfaceKind {
  if (/^(xfrm|vti|ipsec|ip_vti|ip6_vti)\d*/.test(name)) return 'virtual'
  if (/^(wg|tun|gre|gretap|sit|ipip|ip6tnl|ip6gre|tap|l2tp)\d*(\D|$)/.test(name)) return 'far'
  return /^(lo|dummy|dum)\d*$/.test(name) ? 'loopback' : 'physical'
}
