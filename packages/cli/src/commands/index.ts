import type { Command } from './command.ts'
import { explain } from './explain.ts'
import { free } from './free.ts'
import { generate } from './generate.ts'
import { init } from './init.ts'
import { kubernetes } from './kubernetes.ts'
import { overlaps } from './overlaps.ts'
import { plan } from './plan.ts'
import { psk } from './psk.ts'
import { release } from './release.ts'
import { vyatta } from './vyatta.ts'

export const commands: readonly Command<never>[] = [
  init,
  overlaps,
  free,
  plan,
  vyatta,
  kubernetes,
  generate,
  explain,
  release,
  psk,
]
