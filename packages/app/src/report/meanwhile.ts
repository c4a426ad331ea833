import { type Finding, type Plan, touchedBy } from '@natplan/core'
import type { RenderedGateway } from '../gateways/render-gateways.ts'
import { count, namesText } from '../text/count.ts'
import { html } from './html.ts'

/** What is done, to whom. */
interface Work {
  readonly gateways: readonly RenderedGateway[]
  readonly findings: readonly Finding[]
  /** None where nobody says what was there before. */
  readonly changes: Plan['changes']
}

/** What people notice while gateways are changed, one after the other. */
export function meanwhile({ network }: Plan, { gateways, findings, changes }: Work): string {
  const items = [
    ...(gateways.length > 0 ? [tunnelText(findings)] : []),
    ...(gateways.some(({ policy }) => policy.nat.length > 0) ? [flowText] : []),
    ...callText(changes),
    ...segmentTexts(gateways),
    ...nodeTexts(changes, network),
  ]
  if (items.length === 0) return ''
  return `<h3>What breaks meanwhile</h3><ul>${items.map((item) => `<li>${html(item)}</li>`).join('')}</ul>`
}

function tunnelText(findings: readonly Finding[]): string {
  const leaks = new Set(
    findings.filter(({ code }) => code === 'TUNNEL_MAY_LEAK').flatMap(({ about }) => about?.site ?? []),
  )
  const until = 'Two sites reach each other over a tunnel once both of its gateways are configured, and not before'
  if (leaks.size === 0) return `${until}; until then what they send each other is dropped, not sent in clear.`
  return `${until}. Until then what is sent from ${namesText([...leaks])} may leave in clear (TUNNEL_MAY_LEAK); what the others send is dropped.`
}

const flowText =
  'Connections that are open while a gateway changes keep their old addresses until they end, and may hang: the commands that check a gateway name those that end them.'

/** Names change for the peers of what was known by another one. */
function callText(changes: Plan['changes']): string[] {
  const renamed = changes.filter(({ kind, before }) => before !== undefined && kind !== 'rename' && kind !== 'retunnel')
  const other = changes.filter(({ kind }) => kind === 'translate' || kind === 'untranslate' || kind === 'renumber')
  const left = renamed.filter(({ kind }) => kind === 'remove')
  return [
    ...(other.length > 0
      ? [
          `Peers must call ${count(other.length, 'subnet')} by other addresses from then on (${namesText([...new Set(other.map(({ site }) => site))])}): names in DNS and hosts files, and rules of firewalls, change at the same time.`,
        ]
      : []),
    ...(left.length > 0
      ? [
          `What leaves the plan is not reached any more: ${namesText(left.map(({ site, real }) => `${real} of ${site}`))}.`,
        ]
      : []),
  ]
}

function segmentTexts(gateways: readonly RenderedGateway[]): string[] {
  const clamped = gateways.filter(({ policy }) => policy.clamps.length > 0)
  if (clamped.length === 0) return []
  return [
    `New TCP connections through ${namesText(clamped.map(({ policy }) => policy.site))} send somewhat smaller packets, those to other places too where the table of segment sizes says so; none ends by that.`,
  ]
}

function nodeTexts(changes: Plan['changes'], network: Plan['network']): string[] {
  const { nodes } = touchedBy(changes, network)
  return nodes.length > 0
    ? [`Nodes of ${namesText(nodes)} get routes to their peers; what they reach by other routes stays.`]
    : []
}
