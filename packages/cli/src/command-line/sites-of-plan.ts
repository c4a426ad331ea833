import { existsSync } from 'node:fs'
import { readDocument } from '@natplan/app'
import { parseSiteName } from '@natplan/core'
import { defaultPlanFile } from '../input/load-network.ts'
import { readText } from '../input/read-text.ts'

/** The names of the sites of the plan that a command line is about; none where it has none that can be read. */
export function sitesOfPlan(words: readonly string[]): string[] {
  const at = words.findIndex((word) => word === '-f' || word === '--file')
  const named = at < 0 ? words.find((word) => /\.(?:ya?ml|json)$/i.test(word) && existsSync(word)) : words[at + 1]
  try {
    const path = named ?? defaultPlanFile
    const { data } = readDocument(path, readText(path), 'plan') as { data: { sites?: object } | null }
    return Object.keys(data?.sites ?? {}).filter(isName)
  } catch {
    return []
  }
}

function isName(text: string): boolean {
  try {
    return parseSiteName(text) !== undefined
  } catch {
    return false
  }
}
