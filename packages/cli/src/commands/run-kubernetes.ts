import { clusterSite, manifestFile, unfitFolders } from '@natplan/app'
import { type Finding, findingOf, hasErrors, inPlan, type NodeRouting, nodeRoutes } from '@natplan/core'
import { kustomizeFolder, type Mode } from '@natplan/templates'
import { defaultPlanFile } from '../input/load-network.ts'
import { loadPlan } from '../input/load-plan.ts'
import { writeFolder } from '../output/output-folder.ts'
import { reportFindings } from '../output/report-findings.ts'
import { summary } from '../output/summary.ts'
import { type Status, status } from '../terminal/status.ts'
import { print, printLines, say } from '../terminal/streams.ts'
import type { FindingOptions, PlanFileOptions } from './command.ts'
import { oneFile } from './one-file.ts'

export interface KubernetesOptions extends PlanFileOptions, FindingOptions {
  readonly site?: string | undefined
  readonly kustomize?: string | undefined
  readonly remove?: boolean | undefined
}

export function runKubernetes(options: KubernetesOptions): Status {
  const { lock, site, kustomize, remove, format } = options
  const file = oneFile(options.plan, options.file)
  const { plan, lockPath, findings, documents } = loadPlan({ file, lock })
  const found: Finding[] = [...findings]
  let routings: readonly NodeRouting[] = []
  if (plan) {
    const chosen = clusterSite(plan, site)
    const derived = nodeRoutes(plan, chosen)
    routings = derived.routings
    found.push(...derived.findings, ...(kustomize === undefined ? severalClusters(routings) : []))
    if (kustomize !== undefined && site === undefined) found.push(...unfitFolders(routings.map((one) => one.site)))
  }
  const mode = remove ? 'cleanup' : 'run'
  if (!hasErrors(found)) {
    if (kustomize === undefined) {
      if (format !== 'sarif') print(routings.map((routing) => manifestFile(routing, mode)).join(''))
    } else {
      const inputs = [file ?? defaultPlanFile, lockPath]
      const tell = format === 'sarif' ? say : printLines
      tell(...writeFolders(kustomize, routings, { mode, ofOneSite: site !== undefined, inputs }))
    }
  }
  reportFindings([{ findings: found, documents }], format)
  return hasErrors(found) ? status.findings : status.good
}

function severalClusters(routings: readonly NodeRouting[]): Finding[] {
  if (routings.length < 2) return []
  const names = routings.map(({ site }) => site).join(', ')
  return [
    findingOf('CLUSTERS_SEVERAL', inPlan(['sites']), {
      message: `the output is for ${routings.length} clusters: ${names}`,
      hint: `apply one at a time: natplan kubernetes --site ${routings[0]?.site}`,
    }),
  ]
}

/** With a site its files are in the folder itself, so that `kubectl apply -k` takes it; else each site has a folder in it. */
function writeFolders(
  folder: string,
  routings: readonly NodeRouting[],
  {
    mode,
    ofOneSite,
    inputs,
  }: { readonly mode: Mode; readonly ofOneSite: boolean; readonly inputs: readonly (string | undefined)[] },
): string[] {
  const files = routings.flatMap((routing) =>
    kustomizeFolder(routing, { mode }).map(({ path, text }) => ({
      path: ofOneSite ? path : `${routing.site}/${path}`,
      text,
    })),
  )
  return summary(folder, writeFolder(folder, files, { inputs }))
}
