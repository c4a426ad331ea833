import { type Finding, findingOf, inPlan } from '../finding.ts'
import type { SiteName } from './names.ts'
import type { Move } from './network.ts'
import { below, type Gathered } from './normalize-prefixes.ts'
import { endOf } from './normalize-tunnel.ts'
import type { Partly } from './partly.ts'
import type { WrittenNetwork } from './written.ts'

/** The sites that are called otherwise in the lock; one that contradicts the plan is left out. */
export function movesOf(written: Partly<WrittenNetwork>, place: Gathered): Move[] {
  const seen = new Set<string>()
  return (written.moved ?? []).flatMap((move, index) => {
    const { from, to } = move ?? {}
    const at = below(place, index)
    const target = endOf(to, written, below(at, 'to'))
    if (from === undefined || !target) return []
    const fault = faultOf(from, written, seen)
    if (fault) place.findings.push(contradiction(fault, from, at))
    seen.add(from)
    return fault ? [] : [{ from: from as SiteName, to: target, path: at.path }]
  })
}

function faultOf(from: string, { sites = {} }: Partly<WrittenNetwork>, seen: ReadonlySet<string>): string | undefined {
  if (Object.hasOwn(sites, from)) return 'is still under sites'
  return seen.has(from) ? 'is moved already' : undefined
}

function contradiction(fault: string, from: string, { path }: Gathered): Finding {
  return findingOf('MOVED_CONTRADICTS', inPlan([...path, 'from']), {
    message: `${JSON.stringify(from)} ${fault}`,
    hint: 'from is what the lock calls the site, to what the plan calls it',
  })
}
