import { findingOf, inPlan } from '../finding.ts'
import { limits } from '../limits.ts'
import { quoted } from '../quoted.ts'
import { nearest, type SiteName } from './names.ts'
import type { CertificateNames, Tunnel, TunnelSettings } from './network.ts'
import { below, type Gathered } from './normalize-prefixes.ts'
import type { Partly } from './partly.ts'
import type { WrittenNetwork, WrittenTunnel } from './written.ts'

type Network = Partly<WrittenNetwork>
type Written = Partly<WrittenTunnel>

/** The tunnels with their defaults filled in; one whose sites are not known is left out. */
export function tunnelsOf(written: Network, place: Gathered): Tunnel[] | undefined {
  if (!written.tunnels) return place.unread.touches(place.path) ? [] : undefined
  return written.tunnels.flatMap((tunnel, index) => (tunnel ? tunnelOf(tunnel, written, below(place, index)) : []))
}

function tunnelOf(tunnel: Written, written: Network, place: Gathered): Tunnel[] {
  const [one, other] = (tunnel.sites ?? []).map((name, end) => endOf(name, written, below(place, 'sites', end)))
  if (!one || !other) return []
  return [
    {
      sites: [one, other],
      preSharedKey: keyOf(tunnel),
      certificates: certificatesOf(tunnel, [one, other], place),
      proposal: proposalOf(tunnel),
      settings: settingsOf(tunnel, [one, other], place),
      path: place.path,
    },
  ]
}

function keyOf({ preSharedKey = {} }: Written): Tunnel['preSharedKey'] {
  if ('env' in preSharedKey && preSharedKey.env !== undefined) return { env: preSharedKey.env }
  return 'file' in preSharedKey && preSharedKey.file !== undefined ? { file: preSharedKey.file } : undefined
}

/** By site; those of a site that is not named are missing, which a rule tells. */
function certificatesOf(
  { authentication }: Written,
  ends: readonly SiteName[],
  place: Gathered,
): Tunnel['certificates'] {
  if (!authentication) return undefined
  const shared = namesOf(authentication)
  if (shared) return new Map(ends.map((end) => [end, shared]))
  const bySite = Object.entries(authentication as Partly<Record<string, CertificateNames>>)
  return new Map(
    bySite.flatMap(([name, value]) => {
      const names = typeof value === 'object' ? namesOf(value) : undefined
      const site = namedEnd(name, ends, { ...place, path: [...place.path, 'authentication', name] })
      return site && names ? [[site, names] as const] : []
    }),
  )
}

function namesOf({ certificate, ca }: Partly<CertificateNames>): CertificateNames | undefined {
  return typeof certificate === 'string' && typeof ca === 'string' ? { certificate, ca } : undefined
}

function proposalOf({ proposal }: Written): Tunnel['proposal'] {
  if (typeof proposal !== 'object') return proposal
  const { ike = {}, esp = {} } = proposal
  if (ike.encryption === undefined || ike.hash === undefined || ike.dhGroup === undefined) return undefined
  if (esp.encryption === undefined || esp.dhGroup === undefined) return undefined
  return {
    ike: { encryption: ike.encryption, hash: ike.hash, dhGroup: ike.dhGroup },
    esp: { encryption: esp.encryption, hash: esp.hash, dhGroup: esp.dhGroup },
  }
}

/** The site of a name that the plan must have. */
export function endOf(name: string | undefined, { sites = {} }: Network, { path, findings, unread }: Gathered) {
  if (name === undefined) return undefined
  if (Object.hasOwn(sites, name) || unread.covers(['sites', name])) return name as SiteName
  const isGuessed = findings.length < limits.guessedSites.most
  const near = isGuessed ? nearest(name, Object.keys(sites)) : undefined
  findings.push(
    findingOf('SITE_UNKNOWN', inPlan(path), {
      message: `there is no site ${quoted(name)}`,
      hint: near ? `did you mean ${near}?` : `known: ${Object.keys(sites).slice(0, 10).join(', ')}`,
    }),
  )
  unread.add(path)
  return undefined
}

/** What a tunnel does when the plan file does not say anything else. */
export const defaultSettings: TunnelSettings = {
  ikeVersion: undefined,
  ikeLifetime: 28_800,
  espLifetime: 3600,
  deadPeer: { action: 'restart', interval: 30, timeout: 120 },
  forceNatTraversal: false,
  start: undefined,
}

function settingsOf(written: Written, ends: readonly SiteName[], place: Gathered): TunnelSettings {
  const { ike, esp, deadPeerDetection = {} } = written
  const { deadPeer } = defaultSettings
  return {
    ikeVersion: ike?.version,
    ikeLifetime: ike?.lifetime ?? defaultSettings.ikeLifetime,
    espLifetime: esp?.lifetime ?? defaultSettings.espLifetime,
    deadPeer: {
      action: deadPeerDetection.action ?? deadPeer.action,
      interval: deadPeerDetection.interval ?? deadPeer.interval,
      timeout: deadPeerDetection.timeout ?? deadPeer.timeout,
    },
    forceNatTraversal: written.forceNatTraversal ?? defaultSettings.forceNatTraversal,
    start: startOf(written, ends, place),
  }
}

function startOf({ start }: Written, ends: readonly SiteName[], place: Gathered): TunnelSettings['start'] {
  if (typeof start !== 'object') return start
  const known = Object.entries(start).flatMap(([name, value]) => {
    const site = namedEnd(name, ends, { ...place, path: [...place.path, 'start', name] })
    return site === undefined || value === undefined ? [] : [[site, value] as const]
  })
  return new Map(known)
}

/** The end of a tunnel that a key names. */
function namedEnd(name: string, ends: readonly SiteName[], { path, findings }: Gathered): SiteName | undefined {
  const site = ends.find((end) => end === name)
  if (site) return site
  findings.push(
    findingOf(
      'SITE_UNKNOWN',
      { ...inPlan(path), isKey: true },
      { message: `${quoted(name)} is not an end of this tunnel`, hint: `its ends are ${ends.join(' and ')}` },
    ),
  )
  return undefined
}
