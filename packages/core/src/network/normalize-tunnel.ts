import { type Finding, findingOf, inPlan, type Path } from '../finding.ts'
import { limits } from '../limits.ts'
import { quoted } from '../quoted.ts'
import { nearest, type SiteName } from './names.ts'
import type { Tunnel, TunnelSettings } from './network.ts'
import type { WrittenNetwork, WrittenTunnel } from './written.ts'

/** The sites of the plan, and their names in the order of the file. */
interface Known {
  readonly sites: WrittenNetwork['sites']
  readonly known: readonly string[]
}

interface Place {
  readonly path: Path
  readonly findings: Finding[]
}

/** The tunnels with their defaults filled in; one whose sites are not known is left out. */
export function tunnelsOf(written: WrittenNetwork, findings: Finding[]): Tunnel[] | undefined {
  const known = { sites: written.sites, known: Object.keys(written.sites) }
  return written.tunnels?.flatMap((tunnel, index) => {
    const path: Path = ['tunnels', index]
    const [one, other] = tunnel.sites.map((name, end) =>
      endOf(name, known, { path: [...path, 'sites', end], findings }),
    )
    if (!one || !other) return []
    const settings = settingsOf(tunnel, [one, other], { path, findings })
    return [
      { sites: [one, other] as const, preSharedKey: tunnel.preSharedKey, proposal: proposalOf(tunnel), settings, path },
    ]
  })
}

function proposalOf({ proposal }: WrittenTunnel): Tunnel['proposal'] {
  if (typeof proposal !== 'object') return proposal
  const { ike, esp } = proposal
  return { ike, esp: { encryption: esp.encryption, hash: esp.hash, dhGroup: esp.dhGroup } }
}

function endOf(name: string, { sites, known }: Known, { path, findings }: Place): SiteName | undefined {
  if (Object.hasOwn(sites, name)) return name as SiteName
  const isGuessed = findings.length < limits.guessedSites.most
  const near = isGuessed ? nearest(name, known) : undefined
  findings.push(
    findingOf('SITE_UNKNOWN', inPlan(path), {
      message: `there is no site ${quoted(name)}`,
      hint: near ? `did you mean ${near}?` : `known: ${known.slice(0, 10).join(', ')}`,
    }),
  )
  return undefined
}

/** What a tunnel does when the plan file does not say anything else. */
export const defaultSettings: TunnelSettings = {
  ikeVersion: undefined,
  ikeLifetime: 28_800,
  espLifetime: 3600,
  deadPeer: { action: 'restart', interval: 30, timeout: 120 },
  forceNatTraversal: false,
  start: 'trap',
}

function settingsOf(written: WrittenTunnel, ends: readonly SiteName[], place: Place): TunnelSettings {
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

function startOf(
  { start = defaultSettings.start as 'trap' }: WrittenTunnel,
  ends: readonly SiteName[],
  { path, findings }: Place,
): TunnelSettings['start'] {
  if (typeof start !== 'object') return start
  const known = Object.entries(start).flatMap(([name, value]) => {
    const site = ends.find((end) => end === name)
    if (site) return [[site, value] as const]
    findings.push(
      findingOf(
        'SITE_UNKNOWN',
        { ...inPlan([...path, 'start', name]), isKey: true },
        {
          message: `${quoted(name)} is not an end of this tunnel`,
          hint: `its ends are ${ends.join(' and ')}`,
        },
      ),
    )
    return []
  })
  return new Map(known)
}
