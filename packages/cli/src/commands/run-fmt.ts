import { formattedPlan, planToEdit } from '@natplan/app'
import { nameOf, standardInput } from '../files/standard-input.ts'
import { editPlan } from '../input/edit-plan.ts'
import { defaultPlanFile } from '../input/load-network.ts'
import { readNamed } from '../input/read-text.ts'
import { type Status, status } from '../terminal/status.ts'
import { print, say } from '../terminal/streams.ts'

export interface FmtOptions {
  readonly file?: string | undefined
  readonly check?: boolean | undefined
}

export function runFmt({ file = defaultPlanFile, check = false }: FmtOptions): Status {
  if (check || file === standardInput) return formatted(file, check)
  const { isChanged } = editPlan(file, ({ text }) => ({ text: formattedPlan(text), findings: [] }))
  say(isChanged ? `${file} is formatted now` : `${file} is formatted`)
  return status.good
}

function formatted(file: string, check: boolean): Status {
  const { text } = planToEdit(readNamed(file), undefined)
  const result = formattedPlan(text)
  if (!check) {
    print(result)
    return status.good
  }
  if (result === text) return status.good
  say(`${nameOf(file)} is not formatted: natplan fmt`)
  return status.findings
}
