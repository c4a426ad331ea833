import type { Command } from './command.ts'
import { explain } from './explain.ts'
import { init } from './init.ts'
import { overlaps } from './overlaps.ts'
import { plan } from './plan.ts'
import { release } from './release.ts'

export const commands: readonly Command<never>[] = [init, overlaps, plan, explain, release]
