import { Address, lengthOfNetmask, Prefix } from '@natplan/core'
import { isEverywhere } from './extract-words.ts'
import { Mentions } from './json-mentions.ts'
import { rankOf } from './space-key.ts'
import { unusedState } from './unused-state.ts'

/** So many networks of one record are held until it ends; a record of more is settled in parts. */
const mostHeld = 10_000

/** A network that a record mentions. */
export interface Mentioned {
  /** As it is written, or put together of an address and a length. */
  readonly text: string
  readonly line: number
  readonly path: string
  /** What its object is called. */
  readonly label: string | undefined
  /** To which space it belongs; `undefined` where nothing says it, an empty text for none. */
  readonly space: string | undefined
}

/** Where networks go when their record has ended. */
export interface SettledNetworks {
  take(network: Mentioned): void
  /** A further mention of one in the same record. */
  repeated(): void
  /** One inside a network that an object around it has, which stands for it, or around such ones with `keepsLeaves`. */
  contained(): void
  /** One that every machine has: loopback, link-local, a default route. */
  special(): void
  /** One that is no longer in use, or only a container of others, by what its object says. */
  unused(): void
  /** The space of networks that were taken before it was said. */
  late(line: number): void
}

/** An object or a list that is open. */
export interface Frame {
  /** Where the first value in it stands. */
  readonly line: number
  readonly above: Frame | undefined
  /** The key that leads to it; `undefined` for an element of a list. */
  readonly key: string | undefined
  isUnused: boolean
  name: { readonly text: string; readonly rank: number } | undefined
  readonly groups: string[]
  /** Keys of tags such as `{"Key": "Name", "Value": "hub"}`. */
  tag: string | undefined
  tagged: string | undefined
  address: Part | undefined
  length: number | undefined
  hasWhole: boolean
  /** What an object is shown as, which says a space where it has no name. */
  display: string | undefined
  /** The surest that is said of the space; without a text nobody knows. */
  space: { readonly text: string | undefined; readonly rank: number } | undefined
  /** Networks in it were taken, and nothing around them said their space. */
  hasSpaceless: boolean
}

interface Part {
  readonly address: Address
  readonly line: number
  readonly path: string
  readonly rank: number
}

interface Held extends Omit<Mentioned, 'label' | 'space'> {
  readonly frame: Frame
  readonly prefix: Prefix | undefined
}

/**
 * What the objects of a JSON document say of networks: a record, an element of the outermost list, is judged when it has ended, since what is
 * said of a network may stand behind it.
 */
export class JsonRecords {
  readonly #to: SettledNetworks
  readonly #keepsLeaves: boolean
  readonly #by: string | undefined
  readonly #mentions = new Mentions()
  readonly #frames: Frame[] = []
  #held: Held[] = []

  constructor(
    to: SettledNetworks,
    { keepsLeaves, by }: { readonly keepsLeaves: boolean; readonly by?: string | undefined },
  ) {
    this.#to = to
    this.#keepsLeaves = keepsLeaves
    this.#by = by
  }

  /** A prefix; `keys` lead to its object, `key` is its own. */
  prefix(
    text: string,
    at: { readonly keys: readonly (string | undefined)[]; readonly path: string; readonly line: number },
  ): void {
    const frame = this.#frame(at.keys, at.line)
    frame.hasWhole = true
    this.#hold({ text, path: at.path, line: at.line, frame, prefix: Prefix.tryParse(text) })
  }

  /** Any other value of an object, when `isTold(key)`. */
  value(
    text: string,
    at: {
      readonly keys: readonly (string | undefined)[]
      readonly key: string
      readonly path: string
      readonly line: number
    },
  ): void {
    const frame = this.#frame(at.keys, at.line)
    const key = at.key.toLowerCase()
    const isState = stateKey.test(key) || (key === 'value' && stateKey.test(frame.key?.toLowerCase() ?? ''))
    if (isState && unusedState.test(text)) frame.isUnused = true
    if (addressKeys.includes(plain(key))) this.#address(frame, text, at)
    if (lengthKey.test(plain(key))) frame.length ??= lengthOf(text)
    this.#name(frame, key, text)
    if (key === 'display' && text !== '') frame.display ??= text
    this.#space(frame, { called: key, text: text === 'null' ? '' : text, line: at.line })
  }

  #space(
    frame: Frame,
    { called, text, line }: { readonly called: string; readonly text: string | undefined; readonly line: number },
  ): void {
    const rank = this.#by === undefined ? undefined : rankOf(called, this.#by)
    if (rank === undefined || (frame.space && frame.space.rank < rank)) return
    const isTwofold = frame.space?.rank === rank && frame.space.text !== text
    frame.space = { text: isTwofold ? undefined : text, rank }
    if (frame.hasSpaceless && text) this.#to.late(line)
  }

  /** An object or a list with so many steps to it ends; `recordDepth` is that of the record around it. */
  close(depth: number, recordDepth: number): void {
    const frame = this.#frames[depth]
    if (frame) this.#end(frame)
    if (this.#frames.length > depth) this.#frames.length = depth
    if (depth <= recordDepth) this.settle()
  }

  settle(): void {
    const held = this.#held
    this.#held = []
    for (const one of held) this.#settleOne(one, held)
  }

  #settleOne(one: Held, all: readonly Held[]): void {
    if (isUnused(one.frame)) this.#to.unused()
    else if (this.#isContained(one, all)) this.#to.contained()
    else if (this.#mentions.isRepeated(one.text, one)) this.#to.repeated()
    else {
      const { text, line, path, frame } = one
      this.#to.take({ text, line, path, label: labelOf(frame), space: this.#spaceOf(frame) })
    }
  }

  #spaceOf(frame: Frame): string | undefined {
    if (this.#by === undefined) return undefined
    for (let one: Frame | undefined = frame; one; one = one.above) if (one.space) return one.space.text
    for (let one: Frame | undefined = frame; one; one = one.above) one.hasSpaceless = true
    return undefined
  }

  /** Whether a network of the same record stands for this one: the larger one, or the smaller ones with `keepsLeaves`. */
  #isContained(one: Held, all: readonly Held[]): boolean {
    if (all.length > mostCompared) return false
    return all.some((other) => {
      if (isUnused(other.frame)) return false
      return this.#keepsLeaves ? isPartOf(other, one) : isPartOf(one, other)
    })
  }

  #hold(one: Held): void {
    this.#held.push(one)
    if (this.#held.length >= mostHeld) this.settle()
  }

  #address(
    frame: Frame,
    text: string,
    { path, line, key }: { readonly path: string; readonly line: number; readonly key: string },
  ): void {
    const rank = addressKeys.indexOf(plain(key.toLowerCase()))
    const address = Address.tryParse(text)
    if (address && (!frame.address || rank < frame.address.rank)) frame.address = { address, line, path, rank }
  }

  #name(frame: Frame, key: string, text: string): void {
    if (key === 'key') frame.tag = text
    else if (key === 'value') frame.tagged = text
    if (groupKeys.includes(key)) frame.groups.push(`${key} ${text}`)
    const rank = rankOfName(key)
    if (rank !== undefined && text !== '' && (!frame.name || rank < frame.name.rank)) frame.name = { text, rank }
  }

  /** What the object says as a whole, and what it says of the one around it. */
  #end(frame: Frame): void {
    const { address, length, above, key, tag, tagged, name } = frame
    const owner = key === undefined ? above?.above : above
    if (tag?.toLowerCase() === 'name' && tagged && owner) owner.name = { text: tagged, rank: -1 }
    if (tag && tagged && owner) this.#space(owner, { called: tag, text: tagged, line: frame.line })
    if (key !== undefined && above) this.#space(above, { called: key, text: shownAs(frame), line: frame.line })
    if (key !== undefined && above && frame.isUnused && stateKey.test(key.toLowerCase())) above.isUnused = true
    if (key !== undefined && above && name && groupKeys.includes(key.toLowerCase()))
      above.groups.push(`${key} ${name.text}`)
    if (frame.hasWhole || !address) return
    const longest = address.address.family === 4 ? 32 : 128
    const prefixLength = length ?? (isDestination(address) ? longest : undefined)
    if (prefixLength === undefined || prefixLength > longest) return
    const prefix = Prefix.fromBits(address.address.bits, prefixLength)
    if (isEverywhere(prefix)) this.#to.special()
    else this.#hold({ text: String(prefix), path: address.path, line: address.line, frame, prefix })
  }

  #frame(keys: readonly (string | undefined)[], line: number): Frame {
    for (let depth = this.#frames.length; depth <= keys.length; depth++) {
      const above = this.#frames[depth - 1]
      const key = depth === 0 ? undefined : keys[depth - 1]
      const open = { isUnused: false, name: undefined, tag: undefined, tagged: undefined, address: undefined }
      const none = { length: undefined, hasWhole: false, display: undefined, space: undefined, hasSpaceless: false }
      this.#frames[depth] = { above, key, line, ...open, ...none, groups: [] }
    }
    return this.#frames[keys.length] as Frame
  }
}

/** Of a record with more networks nothing is said to lie inside another. */
const mostCompared = 1000

/** Addresses that a length beside them makes a network of; networks first. */
const addressKeys = [
  'network',
  'subnet',
  'networkaddress',
  'destination',
  'dst',
  'destinationprefix',
  'local',
  'address',
  'ipaddress',
  'ip',
  'addr',
  'ipv4address',
  'ipv6address',
  'localaddress',
]
const destinationKeys = ['destination', 'dst', 'destinationprefix']
const lengthKey = /^(prefix|prefix_?len(gth)?|mask|netmask|subnet_?mask|mask_?len(gth)?|cidr|bits)$/
const stateKey = /(state|status|statuscode)$/
const groupKeys = ['site', 'vrf', 'tenant']

/** Values that anything is concluded from. */
export function isTold(key: string): boolean {
  const lower = key.toLowerCase()
  return (
    stateKey.test(lower) ||
    lengthKey.test(plain(lower)) ||
    addressKeys.includes(plain(lower)) ||
    groupKeys.includes(lower) ||
    lower === 'key' ||
    lower === 'value' ||
    lower === 'display' ||
    rankOfName(lower) !== undefined
  )
}

/** Without what words are joined by. */
function plain(key: string): string {
  return key.replace(/[-_ ]/g, '')
}

/** How well a key names its object; the smaller the better. */
function rankOfName(key: string): number | undefined {
  if (key === 'name' || key === 'display_name' || key === 'hostname') return 0
  if (/^(vpc|subnet|network|vnet|routetable|vpnconnection)[-_]?id$/.test(key)) return 1
  if (key === 'description') return 2
  return key === 'ifname' || key === 'interfacealias' || key === 'dev' ? 3 : undefined
}

/** What an object calls itself, by name: a number or what is said about it may be another one's elsewhere. */
function shownAs({ name, display }: Frame): string | undefined {
  return name && name.rank <= 0 ? name.text : display
}

function isUnused(frame: Frame | undefined): boolean {
  for (let one = frame; one; one = one.above) if (one.isUnused) return true
  return false
}

function labelOf(frame: Frame): string | undefined {
  const groups: string[] = []
  for (let one: Frame | undefined = frame; one; one = one.above) {
    groups.push(...one.groups)
    if (one.name) return [one.name.text, ...groups].join(', ')
  }
  return groups.length > 0 ? groups.join(', ') : undefined
}

/** Whether a network lies in another one that an object around it has: a virtual network and its own subnets. */
function isPartOf(inner: Held, outer: Held): boolean {
  if (!inner.prefix || !outer.prefix || inner.path === outer.path || inner.prefix.equals(outer.prefix)) return false
  return outer.prefix.contains(inner.prefix) && isBelow(inner.frame, ownerOf(outer.frame))
}

/** The element of a list that a network belongs to: what stands beside it there is another one's. */
function ownerOf(frame: Frame): Frame {
  for (let one: Frame | undefined = frame; one?.above; one = one.above) if (one.key === undefined) return one
  return frame
}

function isBelow(frame: Frame, owner: Frame): boolean {
  for (let one: Frame | undefined = frame; one; one = one.above) if (one === owner) return true
  return false
}

/** Routes call a host by its address alone. */
function isDestination({ rank }: Part): boolean {
  return destinationKeys.includes(addressKeys[rank] ?? '')
}

function lengthOf(text: string): number | undefined {
  return /^\/?(0|[1-9][0-9]{0,2})$/.test(text) ? Number(text.replace('/', '')) : lengthOfNetmask(text)
}
