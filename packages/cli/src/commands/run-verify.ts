import {
  intentionsOf,
  type LoadedWorld,
  missingRules,
  type Verified,
  verifiedToDocument,
  verifyTables,
} from '@natplan/app'
import { type Finding, hasErrors, verify } from '@natplan/core'
import { loadWorld } from '../input/load-world.ts'
import { type PlanAndConfigs, planAndConfigs } from '../input/plan-and-configs.ts'
import { printResult } from '../output/print-result.ts'
import { reportFindings } from '../output/report-findings.ts'
import { say } from '../terminal/streams.ts'
import { standardOutput } from '../terminal/terminal.ts'
import type { FindingOptions, OutputOptions, ShownOptions } from './command.ts'
import { type Status, status } from './status.ts'

export interface VerifyOptions extends OutputOptions, ShownOptions, FindingOptions {
  readonly inputs?: readonly string[] | undefined
  readonly file?: string | undefined
  readonly lock?: string | undefined
  readonly strict?: boolean | undefined
}

export function runVerify(options: VerifyOptions): Status {
  const { lock, routes = [], output, strict, format } = options
  const named = planAndConfigs(options.inputs ?? [], options.file)
  const loaded = loadWorld({ ...named, lock, routes })
  const verified = verifiedOf(loaded, { ...named, routes })
  if ((loaded.world || output !== 'table') && format !== 'sarif') {
    const choice = { isScreen: standardOutput.isTerminal, withFindings: output === 'markdown' }
    printResult({ tables: () => verifyTables(verified, choice), document: () => verifiedToDocument(verified) }, output)
  }
  if (standardOutput.isTerminal && verified.findings.length > 0) say('')
  reportFindings([verified], format)
  return statusOf(verified, strict === true)
}

/** What the world was made of. */
interface Given extends PlanAndConfigs {
  readonly routes: readonly string[]
}

/** Only what is proven is good; what is not known is neither good nor a fault. */
function statusOf({ result, findings }: Verified, isStrict: boolean): Status {
  const isRisky = isStrict && findings.some(({ severity }) => severity === 'risk')
  if (result === 'fault' || hasErrors(findings) || isRisky) return status.findings
  return result === 'proven' ? status.good : status.notKnown
}

function verifiedOf({ world, plan, inferred, findings, documents }: LoadedWorld, given: Given): Verified {
  if (!world) return { proofs: [], result: 'unknown', inferred, missing: [], findings, documents }
  const ofPlan = plan ? intentionsOf(plan, world) : {}
  const {
    proofs,
    result,
    findings: found,
  } = verify(world, {
    ...ofPlan,
    replay: (sites) => replayWords(given, sites),
  })
  return {
    proofs,
    result,
    inferred,
    missing: missingRules(world, { findings: found, plan }),
    findings: [...findings, ...found.filter((one) => !isTold(one, findings))],
    documents,
  }
}

/** Why packets are not known to arrive, where reading the same line told it already. */
function isTold({ code, place }: Finding, read: readonly Finding[]): boolean {
  return (
    code === 'FLOW_NOT_KNOWN' &&
    read.some(
      (one) =>
        one.code === 'CONFIG_TUNNEL_INCOMPLETE' && one.place.file === place.file && one.place.line === place.line,
    )
  )
}

/** What was said about some sites, in the words of `natplan trace`. */
function replayWords({ file, configs, routes }: Given, sites: readonly string[]): string[] {
  const concerns = (option: string) => sites.includes(option.split(/[:=]/, 1)[0] ?? '')
  return [
    ...(file === undefined ? [] : ['-f', file]),
    ...configs.filter(concerns).flatMap((option) => ['--config', option]),
    ...routes.flatMap((option) => ['--routes', option]),
  ]
}
