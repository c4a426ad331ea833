import { createFile } from '../files/write-file.ts'
import { defaultPlanFile } from '../input/load-network.ts'
import { type Status, status } from '../terminal/status.ts'
import { printLines } from '../terminal/streams.ts'
import { planTemplate } from './plan-template.ts'

export interface InitOptions {
  readonly path?: string | undefined
}

export function runInit({ path = defaultPlanFile }: InitOptions): Status {
  createFile(path, planTemplate)
  const argument = path === defaultPlanFile ? '' : ` ${path}`
  printLines(`${path} written; edit it, then: natplan plan${argument}`)
  return status.good
}
