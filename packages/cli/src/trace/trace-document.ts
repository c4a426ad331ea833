import { dispositions, type Hop, type Step, type World } from '@natplan/core'
import type { TraceDocument } from '../output/schemas/trace.ts'
import type { Traced } from './trace-tables.ts'

export function traceToDocument({ world, from, request, trace }: Traced): TraceDocument {
  const { source, destination, protocol, sourcePort, destinationPort } = request
  const { disposition, way, site, reason, advice, inClear, hops } = trace
  return {
    schemaVersion: 1,
    packet: {
      from,
      source: String(source),
      destination: String(destination),
      protocol,
      ...(sourcePort === undefined ? {} : { sourcePort }),
      ...(destinationPort === undefined ? {} : { destinationPort }),
    },
    delivered: dispositions[disposition].isGood,
    disposition,
    way,
    site,
    reason,
    inClear,
    ...(advice === '' ? {} : { advice }),
    hops: hops.map((hop) => hopDocument(hop, world)),
  }
}

function hopDocument({ way, site, at, arrives, leaves, steps }: Hop, world: World): TraceDocument['hops'][number] {
  const ends = ({ source, destination }: Hop['arrives']) => ({
    source: String(source),
    destination: String(destination),
  })
  return {
    way,
    site,
    at,
    arrives: ends(arrives),
    ...(leaves ? { leaves: ends(leaves) } : {}),
    steps: steps.map((step) => stepDocument(step, site, world)),
  }
}

type StepDocument = TraceDocument['hops'][number]['steps'][number]

function stepDocument(step: Step, site: string, world: World): StepDocument {
  const { kind } = step
  switch (kind) {
    case 'route':
      return { kind, to: step.to, ...(step.prefix ? { prefix: String(step.prefix) } : {}) }
    case 'translate': {
      const addresses = { from: String(step.from), becomes: String(step.to) }
      return { kind, side: step.side, rule: step.rule.number, ...lineOf(step.rule, site, world), ...addresses }
    }
    case 'exempt':
      return { kind, side: step.side, rule: step.rule.number, ...lineOf(step.rule, site, world) }
    case 'restore':
      return { kind, side: step.side, from: String(step.from), becomes: String(step.to) }
    case 'masquerade':
      return { kind, from: String(step.from), becomes: String(step.to) }
    case 'encrypt':
    case 'decrypt': {
      const { local, remote } = step.selector
      const place = lineOf(step.selector, site, world)
      return { kind, tunnel: step.tunnel, local: String(local), remote: String(remote), ...place }
    }
    case 'deliver':
      return { kind }
  }
}

function lineOf(object: object, site: string, world: World): { readonly file?: string; readonly line?: number } {
  const written = world.sites.get(site)?.gateway.written
  const line = written?.lines.get(object)
  return written && line !== undefined ? { file: written.file, line } : {}
}
