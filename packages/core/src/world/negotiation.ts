import type { Address } from '../address/address.ts'
import { textOf } from '../address/named-address.ts'
import type { Authentication, DeviceTunnel, EspOffer, IkeOffer } from '../device/device.ts'
import { connectedNetworks, privateSpace } from '../device/next-hop.ts'
import { ByEnds } from './by-ends.ts'
import { acceptsIdentity, leadsTo, ownAddressText, type PeerEnd } from './ends.ts'
import { leavesElsewhere } from './own-ways.ts'
import type { WorldSite } from './world.ts'

/** Something that the two ends of a tunnel cannot agree on. */
export interface NegotiationFault {
  readonly kind:
    | 'version'
    | 'ike-proposal'
    | 'esp-proposal'
    | 'pfs'
    | 'identity'
    | 'address'
    | 'own-address'
    | 'way'
    | 'authentication'
    | 'key'
    | 'no-key'
    | 'start'
  readonly message: string
  /** The tunnel comes up all the same and fails at its first rekeying. */
  readonly isDelayed?: boolean
  /** Something that is not known could still let them agree. */
  readonly isCertain: boolean
}

/** What keeps the tunnel of two gateways from coming up; empty when nothing in the two configurations does. */
export function negotiationFaults(here: PeerEnd, there: PeerEnd): readonly NegotiationFault[] {
  return known.of(here, there, () => checks.flatMap((check) => check(here, there)))
}

const known = new ByEnds<readonly NegotiationFault[]>()

const checks: readonly ((here: PeerEnd, there: PeerEnd) => NegotiationFault[])[] = [
  addressFaults,
  ownAddressFaults,
  wayFaults,
  versionFaults,
  ikeFaults,
  espFaults,
  authenticationFaults,
  identityFaults,
  keyFaults,
  startFaults,
]

/** A name for a peer is looked up by the gateway: to which address it leads is not known here. */
function addressFaults(here: PeerEnd, there: PeerEnd): NegotiationFault[] {
  const faults: NegotiationFault[] = []
  const add = (answer: ReturnType<typeof leadsTo>, message: string) => {
    if (answer !== 'yes') faults.push({ kind: 'address', message, isCertain: answer === 'no' })
  }
  add(
    leadsTo(here, there),
    `the peer's address is ${textOf(here.tunnel.remote.address)} here, and ${here.tunnel.name} is ${ownAddressText(there)}`,
  )
  add(
    leadsTo(there, here),
    `${here.tunnel.name} expects its peer at ${textOf(there.tunnel.remote.address)}, and this gateway is ${ownAddressText(here)}`,
  )
  return faults
}

/** A daemon cannot send from an address that no interface has; one that moves between gateways may be at another one just then. */
function ownAddressFaults(here: PeerEnd, there: PeerEnd): NegotiationFault[] {
  return [here, there].flatMap((end): NegotiationFault[] => {
    const { address } = end.tunnel.local
    if (address.kind !== 'known' || !lacksAddress(end.site, address.address)) return []
    const who = end === here ? 'this gateway' : here.tunnel.name
    const message = `the tunnel of ${who} starts from ${address.address}, and no interface that is shown has it`
    return [{ kind: 'own-address', message, isCertain: false }]
  })
}

/**
 * Reports whether all that is shown speaks against an address of a gateway: nothing gets its address from others, and an interface has
 * another one in the same network, or the way to the internet has public ones. Behind a NAT the address may be a word for that.
 */
function lacksAddress({ device, sides: { uplinks } }: WorldSite, address: Address): boolean {
  const networks = connectedNetworks(device)
  const isDynamic = device.interfaces.some(({ addresses }) => addresses.some(({ kind }) => kind === 'dynamic'))
  if (device.file === undefined || isDynamic || networks.some((one) => one.address.equals(address))) return false
  const outer = networks.filter(({ interface: { name } }) => name === uplinks[0])
  const isPublic = outer.length > 0 && outer.every(({ prefix }) => !privateSpace.contains(prefix))
  return isPublic || networks.some(({ prefix }) => prefix.contains(address))
}

/** Some providers drop what comes from an address that is not theirs, and the answers go to the uplink whose address it is. */
function wayFaults(here: PeerEnd, there: PeerEnd): NegotiationFault[] {
  return [here, there].flatMap(({ site, tunnel }): NegotiationFault[] => {
    const message = leavesElsewhere(site, tunnel)
    return message === undefined ? [] : [{ kind: 'way', message, isCertain: false }]
  })
}

/** A gateway that has both versions begins with the higher one and answers to either. */
function versionFaults({ tunnel: here }: PeerEnd, { tunnel: there }: PeerEnd): NegotiationFault[] {
  const common = here.versions.filter((version) => there.versions.includes(version))
  const starting = [here, there].filter(({ start }) => start !== 'respond')
  const canBegin = starting.some(({ versions }) => common.includes(highest(versions)))
  if (common.length > 0 && (canBegin || starting.length === 0)) return []
  const message =
    common.length > 0
      ? `only ${here.name} could begin with IKEv${common[0]}, and it waits`
      : `IKEv${here.versions.join(' or ')} here, IKEv${there.versions.join(' or ')} at ${here.name}`
  return [{ kind: 'version', message, isCertain: true }]
}

function highest(versions: DeviceTunnel['versions']): 1 | 2 {
  return versions.includes(2) ? 2 : 1
}

function ikeFaults({ tunnel: here }: PeerEnd, { tunnel: there }: PeerEnd): NegotiationFault[] {
  if (here.ike.some((one) => there.ike.some((other) => isSameIke(one, other)))) return []
  const message = `no IKE proposal in common: ${listed(here.ike.map(ikeText))} here, ${listed(there.ike.map(ikeText))} at ${here.name}`
  return [{ kind: 'ike-proposal', message, isCertain: here.isWhole && there.isWhole }]
}

/** A PRF that is not written follows the integrity; with ciphers that bring their own, gateways offer several. */
function isSameIke(one: IkeOffer, other: IkeOffer): boolean {
  const [prf, otherPrf] = [one.prf ?? one.hash, other.prf ?? other.hash]
  return (
    one.encryption === other.encryption &&
    one.hash === other.hash &&
    one.dhGroup === other.dhGroup &&
    (prf === undefined || otherPrf === undefined || prf === otherPrf)
  )
}

function ikeText({ encryption, hash, prf, dhGroup }: IkeOffer): string {
  const integrity = hash ?? (prf === undefined ? [] : `PRF ${prf}`)
  return [encryption, ...[integrity].flat(), `DH ${dhGroup}`].join('/')
}

function isSameCipher(one: EspOffer, other: EspOffer): boolean {
  const isSequenceAlike =
    one.extendedSequence === undefined ||
    other.extendedSequence === undefined ||
    one.extendedSequence === other.extendedSequence
  return one.encryption === other.encryption && one.hash === other.hash && isSequenceAlike
}

function espText({ encryption, hash }: EspOffer): string {
  return hash === undefined ? encryption : `${encryption}/${hash}`
}

function espFaults(here: PeerEnd, there: PeerEnd): NegotiationFault[] {
  const [ours, theirs] = [here.tunnel.esp, there.tunnel.esp]
  const isCertain = here.tunnel.isWhole && there.tunnel.isWhole
  const pairs = ours.flatMap((one) =>
    theirs.filter((other) => isSameCipher(one, other)).map((other) => [one, other] as const),
  )
  if (pairs.some(([one, other]) => one.dhGroup === other.dhGroup)) return []
  const [first] = pairs
  const name = here.tunnel.name
  if (!first) {
    const message = `no ESP proposal in common: ${listed(ours.map(espText))} here, ${listed(theirs.map(espText))} at ${name}`
    return [{ kind: 'esp-proposal', message, isCertain }]
  }
  const message = `perfect forward secrecy: ${pfsText(first[0])} here, ${pfsText(first[1])} at ${name}`
  return [{ kind: 'pfs', message, isCertain, ...(isFirstChildSpared(here, there) ? { isDelayed: true } : {}) }]
}

/** IKEv2 makes the first child without an exchange of its own (RFC 7296, section 1.2), so the group is compared later. */
function isFirstChildSpared(here: PeerEnd, there: PeerEnd): boolean {
  return [here, there].every(({ tunnel }) => tunnel.versions.includes(2) && tunnel.children.length === 1)
}

function pfsText({ dhGroup }: EspOffer): string {
  return dhGroup === undefined ? 'none' : `DH ${dhGroup}`
}

const mostListed = 6

function listed(texts: readonly string[]): string {
  const unique = [...new Set(texts)]
  const more = unique.length > mostListed ? ` and ${unique.length - mostListed} more` : ''
  return unique.length === 0 ? 'none that natplan knows' : `${unique.slice(0, mostListed).join(', ')}${more}`
}

function authenticationFaults({ tunnel: here }: PeerEnd, { tunnel: there }: PeerEnd): NegotiationFault[] {
  const { name } = here
  const [one, other] = [here.authentication, there.authentication]
  if (here.expects === undefined && there.expects === undefined) {
    const message = `this gateway authenticates with ${ways[one]}, ${name} with ${ways[other]}`
    return authenticationFault(one, other, message)
  }
  const [wantedThere, wantedHere] = [there.expects ?? other, here.expects ?? one]
  return [
    ...authenticationFault(
      one,
      wantedThere,
      `this gateway authenticates with ${ways[one]}, ${name} wants ${ways[wantedThere]}`,
    ),
    ...authenticationFault(
      other,
      wantedHere,
      `${name} authenticates with ${ways[other]}, this gateway wants ${ways[wantedHere]}`,
    ),
  ]
}

const ways: Readonly<Record<Authentication, string>> = {
  key: 'a pre-shared key',
  certificate: 'a certificate',
  'public-key': 'a public key',
  other: 'something else (EAP, XAuth or several rounds)',
  unknown: 'what is not written',
}

/** A certificate and a bare public key are verified alike, and which is trusted is not known; of other ways nobody can tell. */
function authenticationFault(one: Authentication, other: Authentication, message: string): NegotiationFault[] {
  if (one === 'unknown' || other === 'unknown' || (one === other && one !== 'other')) return []
  const isCertain = one !== 'other' && other !== 'other' && (one === 'key' || other === 'key')
  return [{ kind: 'authentication', message, isCertain }]
}

function identityFaults(here: PeerEnd, there: PeerEnd): NegotiationFault[] {
  const faults: NegotiationFault[] = []
  const name = here.tunnel.name
  const shown = (identity: string | undefined) => identity ?? 'an address that is not written'
  const answers = [acceptsIdentity(here, there), acceptsIdentity(there, here)]
  if (answers[0] !== 'yes') {
    const message = `${name} says that it is ${shown(there.tunnel.local.identity)}, this gateway expects ${shown(here.tunnel.remote.identity)}`
    faults.push({ kind: 'identity', message, isCertain: answers[0] === 'no' })
  }
  if (answers[1] !== 'yes') {
    const message = `this gateway says that it is ${shown(here.tunnel.local.identity)}, ${name} expects ${shown(there.tunnel.remote.identity)}`
    faults.push({ kind: 'identity', message, isCertain: answers[1] === 'no' })
  }
  return faults
}

function keyFaults({ tunnel: here }: PeerEnd, { tunnel: there }: PeerEnd): NegotiationFault[] {
  const lacks = [...lackOf(here, 'this gateway'), ...lackOf(there, here.name)]
  const [one, other] = [here.keyDigest, there.keyDigest]
  if (one === undefined || other === undefined || one === other) return lacks
  return [...lacks, { kind: 'key', message: `the pre-shared key is not the one of ${here.name}`, isCertain: true }]
}

function lackOf({ authentication, expects, keyLack }: DeviceTunnel, name: string): NegotiationFault[] {
  if (!keyLack || ![authentication, expects].includes('key')) return []
  return [{ kind: 'no-key', message: `${name}: ${keyLack.what}`, isCertain: keyLack.isCertain }]
}

function startFaults({ tunnel: here }: PeerEnd, { tunnel: there }: PeerEnd): NegotiationFault[] {
  if (here.start !== 'respond' || there.start !== 'respond') return []
  const message = `both this gateway and ${here.name} wait for the other to begin`
  return [{ kind: 'start', message, isCertain: true }]
}
