import { existsSync } from 'node:fs'
import { isPlanText } from '@natplan/app'
import { NatplanError } from '@natplan/core'
import { refusalOf } from '@natplan/templates'
import { nameOf, standardInput } from '../files/standard-input.ts'
import { readText } from './read-text.ts'

/** What the arguments of a command name: configurations as SITE=FILE or SITE:PLATFORM=FILE, and a plan file without a site. */
export interface PlanAndConfigs {
  readonly file: string | undefined
  readonly configs: readonly string[]
}

const configuration = /^[A-Za-z][\w-]*(?::[^=]*)?=/

/** @throws NatplanError USAGE for two plan files, and for a configuration that does not say of which site */
export function planAndConfigs(items: readonly string[], option: string | undefined): PlanAndConfigs {
  const configs = items.filter((item) => configuration.test(item))
  const [plan, another] = items.filter((item) => !configuration.test(item))
  if (plan === undefined) return { file: option, configs }
  refuseConfiguration(plan)
  const second = another ?? option
  if (second !== undefined) throw twoPlans(plan, second)
  return { file: plan, configs }
}

function twoPlans(one: string, other: string): NatplanError {
  return new NatplanError('USAGE', `two plan files are given: ${nameOf(one)} and ${nameOf(other)}`, {
    hint: 'the configuration of a gateway is named with its site: SITE=FILE',
  })
}

/** The configuration of a gateway, named as if it were the plan. */
function refuseConfiguration(path: string): void {
  if (path === standardInput || !existsSync(path)) return
  const text = readText(path)
  if (isPlanText({ name: path, text }) || refusalOf(text) !== undefined) return
  throw new NatplanError('USAGE', `${path} is not a plan file: it holds the configuration of a gateway`, {
    hint: `say which site it belongs to: SITE=FILE, for example cloud=${path}`,
  })
}
