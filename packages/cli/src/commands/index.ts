import type { Command } from './command.ts'
import { completion } from './completion.ts'
import { diff } from './diff.ts'
import { explain } from './explain.ts'
import { fmt } from './fmt.ts'
import { free } from './free.ts'
import { generate } from './generate.ts'
import { importCommand } from './import.ts'
import { init } from './init.ts'
import { kubernetes } from './kubernetes.ts'
import { lab } from './lab.ts'
import { names } from './names.ts'
import { overlaps } from './overlaps.ts'
import { page } from './page.ts'
import { picture } from './picture.ts'
import { plan } from './plan.ts'
import { psk } from './psk.ts'
import { release } from './release.ts'
import { report } from './report.ts'
import { trace } from './trace.ts'
import { verify } from './verify.ts'
import { vyatta } from './vyatta.ts'

export const commands: readonly Command[] = [
  init,
  overlaps,
  free,
  importCommand,
  fmt,
  plan,
  picture,
  vyatta,
  kubernetes,
  generate,
  report,
  page,
  trace,
  verify,
  diff,
  lab,
  names,
  explain,
  release,
  psk,
  completion,
]
