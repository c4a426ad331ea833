import { type Verified, verifiedToDocument, verifiedWorld, verifyTables } from '@natplan/app'
import { hasErrors } from '@natplan/core'
import { loadWorld } from '../input/load-world.ts'
import { type PlanAndConfigs, planAndConfigs } from '../input/plan-and-configs.ts'
import { printResult } from '../output/print-result.ts'
import { reportFindings } from '../output/report-findings.ts'
import { type Status, status } from '../terminal/status.ts'
import { say } from '../terminal/streams.ts'
import { standardOutput } from '../terminal/terminal.ts'
import type { FindingOptions, OutputOptions, ShownOptions } from './command.ts'

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
  const verified = verifiedWorld(loaded, (sites) => replayWords({ ...named, routes }, sites))
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

/** What was said about some sites, in the words of `natplan trace`. */
function replayWords({ file, configs, routes }: Given, sites: readonly string[]): string[] {
  const concerns = (option: string) => sites.includes(option.split(/[:=]/, 1)[0] ?? '')
  return [
    ...(file === undefined ? [] : ['-f', file]),
    ...configs.filter(concerns).flatMap((option) => ['--config', option]),
    ...routes.flatMap((option) => ['--routes', option]),
  ]
}
