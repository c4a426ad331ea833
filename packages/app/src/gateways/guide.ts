import { abilities, type NodeRouting, type Plan, type SiteName, triesOnce } from '@natplan/core'
import { clusterSection, clusterStep } from '../clusters/cluster-guide.ts'
import { namesText } from '../text/count.ts'
import { enteringSection } from './guide-entering.ts'
import { hostRoutesSection } from './guide-hosts.ts'
import type { LeftFiles } from './left-files.ts'
import type { RenderedGateway } from './render-gateways.ts'

/** What the page is about. */
export interface Generated {
  readonly plan: Plan
  readonly gateways: readonly RenderedGateway[]
  readonly clusters: readonly NodeRouting[]
  readonly left: LeftFiles
}

/** The page that says what to do with the generated files, in which order, and how to go back. */
export function guide(generated: Generated): string {
  const { gateways } = generated
  const files =
    gateways.length === 0
      ? ''
      : `
| site | platform | files |
| --- | --- | --- |
${gateways.map(fileRow).join('\n')}
`
  return `# What natplan generated

Made from the plan file by \`natplan generate\`; generate again instead of editing. Files with a pre-shared key are readable by their
owner only; \`.gitignore\` keeps them out of version control. \`report.html\` is for people who approve the change; it holds no key.
${files}
${orderOfWork(generated)}`
}

/** What to do in which order, and how to go back: the part of the page that needs no files. */
export function orderOfWork({ plan, gateways, clusters, left }: Generated): string {
  const hostRoutes = hostRoutesSection(plan)
  const sites = [...gateways.map(({ policy }) => policy.site), ...clusters.map(({ site }) => site)]
  const steps = [
    `Read \`natplan plan\` once more, and announce the change to ${namesText([...new Set(sites)])}.`,
    ...(gateways.length > 0 ? [saving, configuring(gateways)] : []),
    `Put the routes on the hosts that have no default route through their gateway${hostRoutes === '' ? '' : ' (see below)'}${clusterStep(clusters)}.`,
    ...(gateways.length > 0 ? [checking] : []),
  ]
  return `## In this order

${steps.map((step, index) => `${index + 1}. ${step}\n`).join('')}${enteringSection(gateways)}${hostRoutes}${clusterSection(clusters)}${leftSection(left)}${gatewaySections(gateways)}`
}

const saving = `Save the running configuration of every gateway (\`show configuration commands\` on the Vyatta family). If it already has NAT rules or
   tunnels, the files must have been generated with \`--existing SITE=FILE\`: a masquerade rule with a lower number would catch
   packets first, and a rule with the same number would be mixed with natplan's. If they were not, remove \`numbers\` from the lock and
   generate again. If natplan configured a gateway before, change it with what \`natplan diff SITE=RUNNING\` prints, not with these files: that also
   removes what left the plan.`

const checking = 'Run the commands in `check` on each gateway, and the tests at their end from a host behind it.'

function configuring(gateways: readonly RenderedGateway[]): string {
  return `Configure the gateways, one after the other, ${order(gateways)} with the first packet once both
   ends are configured; until a tunnel is up packets for the other side are dropped, not sent in clear, unless a TUNNEL_MAY_LEAK finding said so.
   See below how to do it on each platform.`
}

/** How to go back, and what else a change of gateways means. */
function gatewaySections(gateways: readonly RenderedGateway[]): string {
  if (gateways.length === 0) return ''
  return `
## To go back

\`remove\` in each folder removes what \`configure\` adds. Settings that other tunnels may use stay. They are comments at its end, with the previous
values if natplan knows them, which it does when the files were generated with \`--existing\`. Connections through the tunnel end.
${segmentSection(gateways)}
## Flows to end by hand

Only the first packet of a flow meets NAT rules; the rest follow connection tracking. Existing flows keep their
old addresses until they end; \`check\` of each site names the commands that end them.

## What a firewall sees

Rules on or behind a gateway see different addresses on different platforms.

| site | packets to peers show its own hosts as | packets from peers show its own hosts as | where |
| --- | --- | --- | --- |
${alikeRows(gateways.map(firewallRow))}

Firewalls between the gateways see UDP 500 and 4500 and ESP between the outside addresses, and nothing else.
`
}

/** Gateways that give up after the first time, or are refused, come last, when there is somebody to answer; then what brings other tunnels up. */
function order(gateways: readonly RenderedGateway[]): string {
  const isTrying = ({ policy }: RenderedGateway) =>
    policy.tunnels.some(({ start }) => triesOnce(policy.platform, start))
  const isCalling = ({ policy }: RenderedGateway) =>
    policy.tunnels.some(({ start, peerStart }) => start === 'initiate' && peerStart === 'respond')
  const sitesOf = (are: (one: RenderedGateway) => boolean) => gateways.filter(are).map(({ policy }) => policy.site)
  const trying = sitesOf(isTrying)
  const calling = sitesOf((one) => isCalling(one) && !isTrying(one))
  const again = sitesOf(({ policy }) => policy.platform === 'linux')
  const opening = sitesOf(givesAddress)
  const early = sitesOf((one) => !isTrying(one) && !isCalling(one) && !givesAddress(one))
  const groups = [opening, early, calling.filter((site) => !opening.includes(site)), trying]
    .filter((group) => group.length > 0)
    .map((group) => namesText(group))
  if (groups.length === 1 && trying.length + calling.length === 0)
    return `in any order: ${groups[0]}. A tunnel comes up`
  const names = groups.length === 1 ? groups[0] : `first ${groups.join(', then ')}`
  return `in this order: ${names}.
${triesText(trying)}${callsText(calling, new Set(again))}   ${trying.length + calling.length > 0 ? 'Any other tunnel' : 'A tunnel'} comes up`
}

/** A cloud that chooses the addresses of its tunnels when it makes them: the other ends need to know these. */
function givesAddress({ policy }: RenderedGateway): boolean {
  return abilities[policy.platform].cloud?.uplinks === 'tunnels'
}

function triesText(sites: readonly SiteName[]): string {
  if (sites.length === 0) return ''
  const tries = sites.length === 1 ? 'tries to bring a tunnel up when it is' : 'try to bring a tunnel up when they are'
  return `   ${namesText(sites)} ${tries} configured, and only once, so configure the peers first; to try again: \`reset vpn ipsec-peer\` on that gateway
   (\`check\` has the lines).
`
}

/** Linux has a script of natplan's that calls again. */
function callsText(sites: readonly SiteName[], again: ReadonlySet<SiteName>): string {
  if (sites.length === 0) return ''
  const call = sites.length === 1 ? 'calls' : 'call'
  const once = sites.filter((site) => !again.has(site))
  const who = once.length === sites.length ? 'One that' : `Of these ${namesText(once)}: one that`
  const end =
    once.length === 0
      ? `One that is refused, because its peer does not know it yet, calls again after half a minute.\n`
      : `${who} is refused, because its peer does not know it yet, does not call again: to call again,
   enter the line of \`check\` that brings the tunnel up.
`
  return `   ${namesText(sites)} ${call} gateways that only answer. ${end}`
}

function fileRow({ policy, module }: RenderedGateway): string {
  return `| ${policy.site} | ${module.platform} | [${policy.site}/](${policy.site}/) |`
}

function leftSection({ sites, parts, files }: LeftFiles): string {
  if (sites.length === 0 && parts.length === 0) return ''
  const clusters = new Set(files.map(({ path }) => path).filter((path) => path.endsWith('/kubernetes-remove.yaml')))
  const ofSites = sites.map((site) => {
    const manifest = `${site}/kubernetes-remove.yaml`
    const nodes = clusters.has(manifest)
      ? ` First the nodes: \`kubectl apply --server-side --force-conflicts -f ${manifest}\`, and when that has rolled out \`kubectl delete -f ${site}/kubernetes.yaml\`.`
      : ''
    return `- ${site} has left: \`${site}/\` holds what removes natplan from it.${nodes} Delete these files when that is done.\n`
  })
  const ofParts = parts.map(
    (site) => `- ${site}: enter \`${site}/remove-left.txt\` (or run \`remove-left.sh\`), then delete both.\n`,
  )
  return `
## What left the plan and is still on a device

${[...ofSites, ...ofParts].join('')}
\`natplan diff SITE=RUNNING\` prints the same for a gateway, based on what really runs there.
`
}

/** What the limit of the segment size meets beside the tunnels. */
function segmentSection(gateways: readonly RenderedGateway[]): string {
  const rows = gateways.flatMap(({ policy: { site, platform, clamps }, module }): SiteRow[] => {
    const [first] = clamps
    if (!first) return []
    const where = clamps.flatMap(({ interface: name }) => name ?? []).join(', ') || 'all interfaces'
    return [{ site, platform, cells: `${first.mss} | ${where} | ${module.capabilities.clampMeets}` }]
  })
  if (rows.length === 0) return ''
  return `
## What the MSS clamp does to other traffic

| site | MSS, in bytes | where | what it applies to |
| --- | --- | --- | --- |
${alikeRows(rows)}

Connections that it applies to send somewhat smaller packets, including those to the internet. None of them ends or fails because of that, and other protocols are not affected. If
an interface had a smaller size before, for example for PPPoE, keep the smaller one: tunnels work with it as well.
`
}

function firewallRow({ policy: { site }, module }: RenderedGateway): SiteRow {
  const { outgoing, incoming, where } = module.capabilities.firewallSees
  return { site, platform: module.platform, cells: `${outgoing} addresses | ${incoming} addresses | ${where}` }
}

/** What a table says of a site. */
interface SiteRow {
  readonly site: SiteName
  readonly platform: string
  readonly cells: string
}

/** Lines of a table in Markdown, one for all sites of which it says the same. */
function alikeRows(rows: readonly SiteRow[]): string {
  const sites = new Map<string, SiteName[]>()
  for (const { site, platform, cells } of rows) {
    const key = `(${platform}) | ${cells} |`
    const alike = sites.get(key)
    if (alike) alike.push(site)
    else sites.set(key, [site])
  }
  return [...sites].map(([rest, names]) => `| ${names.join(', ')} ${rest}`).join('\n')
}
