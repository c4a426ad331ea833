import {
  dispositions,
  type Hop,
  protocolName,
  protocolsWithPorts,
  type RuleSet,
  type Step,
  type World,
  type Written,
} from '@natplan/core'
import { missingFor, type Traced } from '../trace/traced.ts'
import type { TraceDocument } from './schemas/trace.ts'
import { missingToDocument } from './verify-document.ts'

export function traceToDocument(traced: Traced): TraceDocument {
  const { world, from, request, trace } = traced
  const missing = missingFor(traced)
  const { source, destination, protocol, sourcePort, destinationPort } = request
  const { disposition, way, site, reason, advice, inClear, hops, doubts } = trace
  return {
    schemaVersion: 1,
    packet: {
      from,
      source: String(source),
      destination: String(destination),
      protocol: protocolName(protocol),
      ...(protocolsWithPorts.includes(protocol) ? { sourcePort, destinationPort } : {}),
    },
    delivered: dispositions[disposition].isGood,
    disposition,
    way,
    site,
    reason,
    inClear,
    ...(advice === '' ? {} : { advice }),
    ...(doubts.length === 0
      ? {}
      : { doubts: doubts.map(({ site: at, doubt }) => ({ site: at, ...lineOf(doubt, at, world), what: doubt.what })) }),
    ...(missing.length === 0 ? {} : { missingRules: missing.flatMap(missingToDocument) }),
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
      return {
        kind,
        to: step.to,
        ...(step.prefix ? { prefix: String(step.prefix) } : {}),
        ...(step.interface === undefined ? {} : { interface: step.interface }),
      }
    case 'translate': {
      const addresses = { from: String(step.from), becomes: String(step.to) }
      return { kind, side: step.side, ...ruleOf(step, site, world), ...addresses }
    }
    case 'exempt':
      return { kind, side: step.side, ...ruleOf(step, site, world) }
    case 'filter': {
      const { verdict, isLater, set, rule, sees } = step
      return {
        kind,
        verdict,
        ...(isLater ? { isLater } : {}),
        set: set.name,
        ...(rule?.number === undefined ? {} : { rule: rule.number }),
        ...lineOf(rule ?? fallbackOf(set), site, world),
        source: String(sees.source),
        destination: String(sees.destination),
      }
    }
    case 'restore':
      return { kind, side: step.side, from: String(step.from), becomes: String(step.to) }
    case 'masquerade':
      return { kind, from: String(step.from), becomes: String(step.to) }
    case 'encrypt':
    case 'decrypt':
    case 'pass': {
      const { local, remote } = step.child
      const place = lineOf(step.child, site, world)
      return { kind, tunnel: step.tunnel, local: String(local), remote: String(remote), ...place }
    }
    case 'deliver':
      return { kind }
  }
}

/** Where a set says what becomes of the rest. */
function fallbackOf({ line, fallbackLine, file }: RuleSet): Written {
  return { line: fallbackLine ?? line, ...(file === undefined ? {} : { file }) }
}

function ruleOf({ list, rule }: Extract<Step, { kind: 'translate' | 'exempt' }>, site: string, world: World) {
  return {
    list: list.name,
    ...(rule?.number === undefined ? {} : { rule: rule.number }),
    ...lineOf(rule ?? list, site, world),
  }
}

function lineOf(
  { line, file: shown }: { readonly line: number | undefined; readonly file?: string },
  site: string,
  world: World,
): { readonly file?: string; readonly line?: number } {
  const file = shown ?? world.sites.get(site)?.device.file
  return file !== undefined && line !== undefined ? { file, line } : {}
}
