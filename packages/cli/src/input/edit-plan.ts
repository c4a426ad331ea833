import { type Documents, type Edited, type PlanToEdit, planToEdit } from '@natplan/app'
import type { Finding } from '@natplan/core'
import { whileClaimed } from '../files/claim.ts'
import { refuseLinkOut } from '../files/link-out.ts'
import { beside, realPath, replaceFile } from '../files/write-file.ts'
import { includedBeside } from './included-files.ts'
import { readText } from './read-text.ts'

/** What became of a plan file. */
export interface EditedPlan {
  readonly isChanged: boolean
  readonly findings: readonly Finding[]
  readonly documents: Documents
}

/** Replaces the text of a plan file by another one, as a whole, where that differs. */
export function editPlan(path: string, edit: (plan: PlanToEdit) => Edited): EditedPlan {
  refuseLinkOut(path)
  return whileClaimed({ path: beside(realPath(path), 'natplan-busy'), shown: path }, () => {
    const plan = planToEdit({ name: path, text: readText(path) }, includedBeside(path))
    const { text, findings } = edit(plan)
    const isChanged = text !== plan.text
    if (isChanged) replaceFile(path, text)
    return { isChanged, findings, documents: { plan: plan.document } }
  })
}
