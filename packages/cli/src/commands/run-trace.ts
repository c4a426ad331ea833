import {
  type LoadedWorld,
  type NodeFaults,
  type PictureFormat,
  packetFigure,
  packetOf,
  pictureText,
  poolOf,
  type Traced,
  traceDiagram,
  traceTables,
  traceToDocument,
  type WrittenPacket,
  withNodeFaults,
} from '@natplan/app'
import { dispositions, tracePacket, type World } from '@natplan/core'
import { loadWorld } from '../input/load-world.ts'
import type { Format } from '../output/formats.ts'
import { printResult } from '../output/print-result.ts'
import { reportFindings } from '../output/report-findings.ts'
import { type Status, status } from '../terminal/status.ts'
import { print } from '../terminal/streams.ts'
import type { PlanFileOptions, ShownOptions } from './command.ts'
import { oneFile } from './one-file.ts'

export interface TraceOptions extends PlanFileOptions, ShownOptions, WrittenPacket, NodeFaults {
  readonly config?: readonly string[] | undefined
  readonly nodes?: string | undefined
  readonly tunnelsDown?: boolean | undefined
  readonly output: Format | PictureFormat
}

export function runTrace(options: TraceOptions): Status {
  const { lock, config: configs, routes } = options
  const file = oneFile(options.plan, options.file)
  const loaded = loadWorld({ file, lock, configs, routes })
  const world = worldOf(loaded, options)
  if (!world) return status.findings
  const { from, request } = packetOf({ world, plan: loaded.plan, isShown: configs !== undefined }, options)
  const trace = tracePacket(world, from, request, {
    tunnels: options.tunnelsDown ? 'down' : 'up',
    nodes: poolOf(world, options.nodes),
  })
  const traced = { world, from: from.name, request, trace }
  show(traced, options.output)
  if (trace.disposition === 'unknown') return status.notKnown
  return dispositions[trace.disposition].isGood ? status.good : status.findings
}

function show(traced: Traced, output: TraceOptions['output']): void {
  if (output === 'mermaid') print(traceDiagram(traced))
  else if (output === 'svg' || output === 'dot' || output === 'drawio')
    print(pictureText([packetFigure(traced)], output))
  else printResult({ tables: () => traceTables(traced), document: () => traceToDocument(traced) }, output)
}

/** The world of the plan or of configurations, with its nodes as the options want them; `undefined` with errors, which are reported. */
function worldOf({ world, findings, documents }: LoadedWorld, options: TraceOptions): World | undefined {
  const errors = findings.filter(({ severity }) => severity === 'error')
  reportFindings([{ findings: errors, documents }])
  return world && withNodeFaults(world, options)
}
