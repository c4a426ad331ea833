import { type Finding, findingOf, type Place } from '../finding.ts'
import type { ExplicitProposal, Tunnel } from '../network/network.ts'
import type { Platform } from '../network/platforms.ts'
import { type Abilities, abilities } from './abilities.ts'
import type { DhGroup, Encryption, EspSettings, Hash, IkeSettings } from './gateway-policy.ts'

/** The algorithms of one tunnel; both of its gateways get the same. */
export interface Algorithms {
  readonly ike: Pick<IkeSettings, 'version' | 'encryption' | 'hash' | 'dhGroup'>
  readonly esp: Pick<EspSettings, 'encryption' | 'hash' | 'dhGroup'>
}

/** One gateway of a tunnel, for messages: `cloud (vyos-1.4)`. */
export interface Speaker {
  readonly site: string
  readonly platform: Platform
}

interface Common {
  readonly versions: readonly (1 | 2)[]
  readonly encryptions: readonly Encryption[]
  readonly hashes: readonly Hash[]
  readonly espHashes: readonly Hash[]
  readonly dhGroups: readonly DhGroup[]
}

/** Strongest first. GCM protects and checks in one step, so it stands before CBC of the same key. */
const encryptions = ['aes256gcm128', 'aes256', 'aes192', 'aes128gcm128', 'aes128', '3des'] as const
const hashes = ['sha512', 'sha384', 'sha256', 'sha1', 'md5'] as const
const dhGroups = [21, 20, 19, 18, 17, 16, 15, 14, 5, 2] as const

/** CNSA suite strength, as strongSwan and every current vendor offers it. */
const modern: Algorithms = {
  ike: { version: 2, encryption: 'aes256gcm128', hash: 'sha384', dhGroup: 20 },
  esp: { encryption: 'aes256gcm128', hash: undefined, dhGroup: 20 },
}

/** The weakest that is not weak: RFC 8221 and RFC 8247 list all of it as MUST. */
const compatible: Algorithms = {
  ike: { version: 2, encryption: 'aes256', hash: 'sha256', dhGroup: 14 },
  esp: { encryption: 'aes256', hash: 'sha256', dhGroup: 14 },
}

/**
 * The algorithms of a tunnel: the wish where both gateways can, else the strongest that both support, with a note. What the plan file
 * demands in full (`modern` written out, explicit algorithms, an IKE version) is never lowered: there it is an error.
 * `undefined` comes with an error finding.
 */
export function negotiate(
  { proposal, settings }: Pick<Tunnel, 'proposal' | 'settings'>,
  ends: readonly [Speaker, Speaker],
  place: Place,
): { readonly algorithms: Algorithms | undefined; readonly findings: readonly Finding[] } {
  const unknown = typeof proposal === 'object' ? unknownWords(proposal, place) : []
  if (unknown.length > 0) return { algorithms: undefined, findings: unknown }
  const wish = withVersion(wishOf(proposal, commonOf(ends)), settings.ikeVersion)
  const impossible = impossibleParts(wish, ends)
  const isDemand = typeof proposal === 'object' || proposal === 'modern'
  const versionRefused = settings.ikeVersion !== undefined && !commonOf(ends).versions.includes(settings.ikeVersion)
  if (versionRefused || (isDemand && impossible.length > 0)) {
    return { algorithms: undefined, findings: [refusal(proposal, impossible, place)] }
  }
  const algorithms = impossible.length > 0 ? lowered(wish, commonOf(ends)) : wish
  if (!algorithms) return { algorithms: undefined, findings: [refusal(proposal, impossible, place)] }
  const findings = [
    ...loweredNote({ algorithms, impossible, place }),
    ...strengthOf({ ike: [algorithms.ike], esp: [algorithms.esp] }, place),
  ]
  return { algorithms: findings.some((one) => one.severity === 'error') ? undefined : algorithms, findings }
}

/** An explicit proposal says nothing about the IKE version: it gets the newest that both have. */
function wishOf(proposal: Tunnel['proposal'], common: Common): Algorithms {
  if (typeof proposal !== 'object') return proposal === 'compatible' ? compatible : modern
  const { ike, esp } = proposal as Explicit
  return {
    ike: { version: common.versions[0] ?? 2, ...ike },
    esp: { ...esp, hash: isGcm(esp.encryption) ? undefined : (esp.hash ?? ike.hash) },
  }
}

function withVersion(wish: Algorithms, version: 1 | 2 | undefined): Algorithms {
  return version === undefined ? wish : { ...wish, ike: { ...wish.ike, version } }
}

/** The words of an explicit proposal after `unknownWords` found nothing. */
interface Explicit {
  readonly ike: { readonly encryption: Encryption; readonly hash: Hash; readonly dhGroup: DhGroup }
  readonly esp: { readonly encryption: Encryption; readonly hash: Hash | undefined; readonly dhGroup: DhGroup }
}

function unknownWords({ ike, esp }: ExplicitProposal, place: Place): Finding[] {
  const check = (word: string | number | undefined, known: readonly (string | number)[], path: string[]) => {
    if (word === undefined || known.includes(word)) return []
    const message = `${word} is not an algorithm that natplan knows`
    const at = { ...place, path: [...place.path, ...path] }
    return [findingOf('PROPOSAL_UNKNOWN', at, { message, hint: `known: ${known.join(', ')}` })]
  }
  return [
    ...check(ike.encryption, encryptions, ['ike', 'encryption']),
    ...check(ike.hash, hashes, ['ike', 'hash']),
    ...check(ike.dhGroup, dhGroups, ['ike', 'dhGroup']),
    ...check(esp.encryption, encryptions, ['esp', 'encryption']),
    ...check(esp.hash, hashes, ['esp', 'hash']),
    ...check(esp.dhGroup, dhGroups, ['esp', 'dhGroup']),
  ]
}

function commonOf(ends: readonly Speaker[]): Common {
  const can = ends.map(({ platform }) => abilities[platform])
  return {
    versions: ([2, 1] as const).filter((one) => can.every((end) => end.ikeVersions.includes(one))),
    encryptions: encryptions.filter((one) => can.every((end) => end.encryptions.includes(one))),
    hashes: hashes.filter((one) => can.every((end) => end.hashes.includes(one))),
    espHashes: hashes.filter((one) => can.every((end) => espHashesOf(end).includes(one))),
    dhGroups: dhGroups.filter((one) => can.every((end) => end.dhGroups.includes(one))),
  }
}

function espHashesOf({ hashes: ofIke, espHashes = ofIke }: Abilities): readonly Hash[] {
  return espHashes
}

/** What of a wish which gateway cannot: `aes256gcm128 at old (vyatta-5400)`. */
function impossibleParts({ ike, esp }: Algorithms, ends: readonly Speaker[]): string[] {
  const parts = ends.flatMap(({ site, platform }) => {
    const can = abilities[platform]
    const missing = [
      ...(can.ikeVersions.includes(ike.version) ? [] : [`IKEv${ike.version}`]),
      ...[ike.encryption, esp.encryption].filter((one) => !can.encryptions.includes(one)),
      ...(can.hashes.includes(ike.hash) ? [] : [ike.hash]),
      ...(esp.hash && !espHashesOf(can).includes(esp.hash) ? [esp.hash] : []),
      ...[ike.dhGroup, ...(esp.dhGroup ? [esp.dhGroup] : [])]
        .filter((one) => !can.dhGroups.includes(one))
        .map((one) => `DH group ${one}`),
    ]
    return missing.length === 0 ? [] : [`${[...new Set(missing)].join(', ')} at ${site} (${platform})`]
  })
  return ike.version === 1 && isGcm(ike.encryption) ? [...parts, `${ike.encryption} for IKE with IKEv1`] : parts
}

function lowered({ ike, esp }: Algorithms, common: Common): Algorithms | undefined {
  const version = common.versions.find((one) => one <= ike.version)
  const forIke = common.encryptions.filter((one) => version === 2 || !isGcm(one))
  const ikeEncryption = strongest(encryptions, ike.encryption, forIke)
  const espEncryption = strongest(encryptions, esp.encryption, common.encryptions)
  const hash = strongest(hashes, ike.hash, common.hashes)
  const espHash = strongest(hashes, esp.hash ?? ike.hash, common.espHashes)
  const dhGroup = strongest(dhGroups, ike.dhGroup, common.dhGroups)
  if (!version || !ikeEncryption || !espEncryption || !hash || !espHash || !dhGroup) return undefined
  return {
    ike: { version, encryption: ikeEncryption, hash, dhGroup },
    esp: { encryption: espEncryption, hash: isGcm(espEncryption) ? undefined : espHash, dhGroup },
  }
}

/** The wish itself or the next weaker that both can. */
function strongest<T>(order: readonly T[], wish: T, both: readonly T[]): T | undefined {
  return order.slice(order.indexOf(wish)).find((one) => both.includes(one))
}

function isGcm(encryption: Encryption): boolean {
  return encryption.includes('gcm')
}

function refusal(proposal: Tunnel['proposal'], impossible: readonly string[], place: Place): Finding {
  const what = typeof proposal === 'object' ? 'the proposal' : (proposal ?? 'the proposal')
  return findingOf('PROPOSAL_IMPOSSIBLE', place, {
    message: `${what} is not possible: no ${impossible.join('; no ')}`,
    hint: 'leave proposal and ike.version out for the strongest that both gateways support',
  })
}

function loweredNote(outcome: {
  readonly algorithms: Algorithms
  readonly impossible: readonly string[]
  readonly place: Place
}): Finding[] {
  const { algorithms, impossible, place } = outcome
  if (impossible.length === 0) return []
  const message = `no ${impossible.join('; no ')}: the tunnel uses ${describe(algorithms)}, the strongest that both support`
  return [findingOf('PROPOSAL_LOWERED', place, { message })]
}

function describe({ ike, esp }: Algorithms): string {
  const words = (one: Algorithms['esp']) => [one.encryption, ...(one.hash ? [one.hash] : []), `DH ${one.dhGroup}`]
  return `IKEv${ike.version} ${words(ike).join('/')}, ESP ${words(esp).join('/')}`
}

/** What an offer is judged by; algorithms by their common names. */
interface Offer {
  readonly encryption: string
  readonly hash?: string | undefined
  readonly dhGroup: number | undefined
}

/** RFC 8221 and RFC 8247: MD5 and DH 2 must not be used any more; SHA-1, 3DES and DH 5 are on their way out. */
export function strengthOf(
  { ike, esp }: { readonly ike: readonly Offer[]; readonly esp: readonly Offer[] },
  place: Place,
): Finding[] {
  const offers = [...ike, ...esp]
  const hashesUsed = offers.flatMap(({ hash }) => hash ?? [])
  const groups = offers.flatMap(({ dhGroup }) => dhGroup ?? [])
  const broken = new Set([
    ...hashesUsed.filter((hash) => hash === 'md5'),
    ...groups.filter((group) => group < 5).map((group) => `DH group ${group}`),
  ])
  if (broken.size > 0) {
    const message = `${[...broken].join(' and ')} can be broken`
    return [findingOf('PROPOSAL_REFUSED', place, { message, hint: 'use at least SHA-1 and DH group 5' })]
  }
  const weak = new Set([
    ...hashesUsed.filter((hash) => hash === 'sha1'),
    ...groups.filter((group) => group < 14).map((group) => `DH group ${group}`),
    ...offers.flatMap(({ encryption }) => (encryption === '3des' ? [encryption] : [])),
  ])
  if (weak.size === 0) return []
  const message = `${[...weak].join(' and ')} ${weak.size > 1 ? 'are' : 'is'} weak by today's standards`
  return [findingOf('PROPOSAL_WEAK', place, { message, hint: 'replace the gateway that knows nothing stronger' })]
}
