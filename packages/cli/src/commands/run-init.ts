import { defaultPlanFile } from '../input/load-network.ts'
import { createFile } from '../input/write-file.ts'
import { type Status, status } from '../status.ts'
import type { InitOptions } from './init.ts'
import { planTemplate } from './plan-template.ts'

export function runInit({ path = defaultPlanFile }: InitOptions): Status {
  createFile(path, planTemplate)
  const argument = path === defaultPlanFile ? '' : ` ${path}`
  process.stdout.write(`${path} written; edit it, then: natplan plan${argument}\n`)
  return status.good
}
