import { judgePlan, leftFiles, renderGateways, report } from '@natplan/app'
import { hasErrors, nodeRoutes } from '@natplan/core'
import { openSink } from '../files/text-sink.ts'
import { loadPlan } from '../input/load-plan.ts'
import { reportFindings } from '../output/report-findings.ts'
import { type Status, status } from '../terminal/status.ts'
import type { FindingOptions, PlanFileOptions } from './command.ts'
import { oneFile } from './one-file.ts'

export interface ReportOptions extends PlanFileOptions, FindingOptions {
  readonly out?: string | undefined
}

export async function runReport({ plan: positional, out, lock, format, ...options }: ReportOptions): Promise<Status> {
  const loaded = loadPlan({ file: oneFile(positional, options.file), lock })
  const { plan, lockPath, documents } = loaded
  const rendered = plan && renderGateways(plan, { keys: new Map(), showSecrets: false, judge: judgePlan })
  const nodes = plan && nodeRoutes(plan)
  const findings = [...loaded.findings, ...(rendered?.findings ?? []), ...(nodes?.findings ?? [])]
  reportFindings([{ findings, documents }], format)
  if (!plan || !rendered || !nodes || hasErrors(findings)) return status.findings
  const clusters = nodes.routings
  const left = leftFiles(new Map(), plan, { gateways: rendered.gateways, clusters })
  const sink = openSink(out)
  sink.write(report({ plan, rendered, clusters, loaded, left, lockPath }))
  await sink.finish()
  return status.good
}
