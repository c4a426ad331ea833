import { dispositions, type Hop } from '@natplan/core'
import { stepText } from '../trace/step-text.ts'
import type { Traced } from '../trace/traced.ts'
import { mermaidText } from './mermaid-text.ts'

/** A Mermaid sequence diagram: one participant a place, one arrow for each stretch of the way. */
export function traceDiagram({ world, trace }: Traced): string {
  const places = [...new Map(trace.hops.map((hop) => [placeOf(hop), `${hop.site} ${hop.at}`]))]
  const lines = [
    'sequenceDiagram',
    ...places.map(([id, name]) => `  participant ${id} as ${mermaidText(name)}`),
    ...trace.hops.flatMap((hop, index) => hopLines(hop, trace.hops[index + 1], world)),
    ...endLines(trace.hops.at(-1), `${dispositions[trace.disposition].title}: ${trace.reason}`),
  ]
  return `${lines.join('\n')}\n`
}

/** Names of sites are letters, digits and hyphens; Mermaid takes no hyphen in an identifier. */
function placeOf({ site, at }: Hop): string {
  return `${at}_${site.replace(/[^A-Za-z0-9]/g, '_')}`
}

function hopLines(hop: Hop, next: Hop | undefined, world: Traced['world']): string[] {
  const notes = hop.steps
    .filter(({ kind }) => kind === 'translate' || kind === 'restore' || kind === 'masquerade' || kind === 'exempt')
    .map((step) => `  Note over ${placeOf(hop)}: ${mermaidText(stepText(step, world.sites.get(hop.site)))}`)
  if (!next || !hop.leaves || next.way !== hop.way) return notes
  const arrow = hop.steps.some(({ kind }) => kind === 'encrypt') ? '-)' : '->>'
  const text = `${hop.leaves.source} to ${hop.leaves.destination}${arrow === '-)' ? ' (encrypted)' : ''}`
  return [...notes, `  ${placeOf(hop)}${arrow}${placeOf(next)}: ${text}`]
}

function endLines(last: Hop | undefined, text: string): string[] {
  return last ? [`  Note over ${placeOf(last)}: ${mermaidText(text)}`] : []
}
