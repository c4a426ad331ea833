import {
  type Algorithms,
  type DeviceTunnel,
  type EspOffer,
  type IkeOffer,
  inPlan,
  negotiate,
  type Platform,
  type WrittenTunnel,
} from '@natplan/core'

/** One end of a tunnel: the platform of its gateway, and what it offers where that is known. */
export interface Speaking {
  readonly site: string
  readonly platform: Platform
  readonly tunnel: DeviceTunnel | undefined
}

type Written = Pick<WrittenTunnel, 'proposal' | 'ike'>

/** What two ends agree on, as a plan says it: nothing where it is what natplan would choose. */
export function agreedProposal(ends: readonly [Speaking, Speaking]): Written {
  const version = agreedVersion(ends)
  const agreed = algorithmsOf(ends)
  const chosen = (proposal: WrittenTunnel['proposal'], ikeVersion: 1 | 2 | undefined) => {
    if (typeof proposal === 'object') return undefined
    const settings = {
      ikeVersion,
      ikeLifetime: 0,
      espLifetime: 0,
      deadPeer,
      forceNatTraversal: false,
      start: undefined,
    }
    return negotiate({ proposal, settings }, [ends[0], ends[1]], inPlan([])).algorithms
  }
  const isUsual = version === undefined || chosen(undefined, undefined)?.ike.version === version
  const ike: Written = isUsual ? {} : { ike: { version } }
  if (!agreed) return ike
  const wished = isUsual ? undefined : version
  const word = ([undefined, 'compatible'] as const).find((one) => isSame(chosen(one, wished), agreed))
  if (word !== undefined || isSame(chosen(undefined, wished), agreed)) {
    return { ...(word === undefined ? {} : { proposal: word }), ...ike }
  }
  return { proposal: agreed, ...ike }
}

const deadPeer = { action: 'restart', interval: 30, timeout: 120 } as const

/** The newest that both take. */
function agreedVersion(ends: readonly Speaking[]): 1 | 2 | undefined {
  const all = ends.flatMap(({ tunnel }) => (tunnel ? [tunnel.versions] : []))
  return all[0]?.find((version) => all.every((one) => one.includes(version)))
}

interface Explicit {
  readonly ike: { readonly encryption: string; readonly hash: string; readonly dhGroup: number }
  readonly esp: { readonly encryption: string; readonly hash?: string; readonly dhGroup: number }
}

/** The first offers that both have; `undefined` where a plan has no words for them. */
function algorithmsOf(ends: readonly Speaking[]): Explicit | undefined {
  const tunnels = ends.flatMap(({ tunnel }) => tunnel ?? [])
  const ike = firstOfAll(
    tunnels.map((one) => one.ike),
    ikeText,
  )
  const esp = firstOfAll(
    tunnels.map((one) => one.esp),
    espText,
  )
  const hash = ike?.hash ?? ike?.prf
  if (!ike || !esp || hash === undefined || esp.dhGroup === undefined) return undefined
  return {
    ike: { encryption: ike.encryption, hash, dhGroup: ike.dhGroup },
    esp: { encryption: esp.encryption, ...(esp.hash === undefined ? {} : { hash: esp.hash }), dhGroup: esp.dhGroup },
  }
}

function firstOfAll<T>(
  [first = [], ...others]: readonly (readonly T[])[],
  textOf: (offer: T) => string,
): T | undefined {
  return first.find((offer) => others.every((all) => all.some((one) => textOf(one) === textOf(offer)))) ?? first[0]
}

function ikeText({ encryption, hash, prf, dhGroup }: IkeOffer): string {
  return [encryption, hash ?? prf, dhGroup].join(' ')
}

function espText({ encryption, hash, dhGroup }: EspOffer): string {
  return [encryption, hash, dhGroup].join(' ')
}

function isSame(chosen: Algorithms | undefined, { ike, esp }: Explicit): boolean {
  if (!chosen) return false
  const isGcm = esp.encryption.includes('gcm')
  return (
    chosen.ike.encryption === ike.encryption &&
    chosen.ike.hash === ike.hash &&
    chosen.ike.dhGroup === ike.dhGroup &&
    chosen.esp.encryption === esp.encryption &&
    (isGcm || chosen.esp.hash === esp.hash) &&
    chosen.esp.dhGroup === esp.dhGroup
  )
}
