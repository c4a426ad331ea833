import { extname } from 'node:path'
import { type PictureFormat, type PictureWish, pictureFigures, pictureText } from '@natplan/app'
import { NatplanError, planNetwork } from '@natplan/core'
import { openSink } from '../files/text-sink.ts'
import { type InputOptions, loadNetwork } from '../input/load-network.ts'
import { reportFindings } from '../output/report-findings.ts'
import { type Status, status } from '../terminal/status.ts'
import { oneFile } from './one-file.ts'

export interface PictureOptions extends InputOptions {
  readonly plan?: string | undefined
  readonly out?: string | undefined
  readonly tunnel?: readonly string[] | undefined
  readonly changes?: boolean | undefined
  readonly unfold?: boolean | undefined
  readonly output?: PictureFormat | undefined
}

/** A network that cannot be planned is drawn all the same, with what collides. */
export async function runPicture(options: PictureOptions): Promise<Status> {
  const sites = options.site ?? []
  const [given, around] = [sites.filter((site) => site.includes('=')), sites.filter((site) => !site.includes('='))]
  const file = oneFile(options.plan, options.file)
  const loaded = loadNetwork({ file, site: given, pool: options.pool, lock: options.lock })
  const { network, lock, documents } = loaded
  const planning = network && lock ? planNetwork(network, lock) : undefined
  const findings = [...loaded.findings, ...(planning?.findings ?? [])]
  const pictured = network && planning && pictureFigures({ network, ...planning }, wishOf(options, around))
  const errors = [...findings, ...(pictured?.findings ?? [])].filter(({ severity }) => severity === 'error')
  reportFindings([{ findings: errors, documents }])
  if (!pictured || pictured.figures.length === 0) return status.findings
  const sink = openSink(options.out)
  sink.write(pictureText(pictured.figures, formatOf(options)))
  await sink.finish()
  return errors.length > 0 ? status.findings : status.good
}

function wishOf({ tunnel, changes, unfold }: PictureOptions, [around, another]: readonly string[]): PictureWish {
  if (another !== undefined) {
    throw new NatplanError('USAGE', 'only one site with its peers is drawn at a time', { hint: 'give --site once' })
  }
  const [one, other, third] = tunnel ?? []
  if (third !== undefined)
    throw new NatplanError('USAGE', 'only one path between two sites is drawn at a time', {
      hint: 'give --tunnel once',
    })
  if (one !== undefined && other !== undefined) return { kind: 'tunnel', sites: [one, other] }
  return changes ? { kind: 'changes' } : { kind: 'plan', around, unfold: unfold ?? false }
}

const endings: Readonly<Record<string, PictureFormat>> = {
  '.svg': 'svg',
  '.mmd': 'mermaid',
  '.mermaid': 'mermaid',
  '.dot': 'dot',
  '.gv': 'dot',
  '.drawio': 'drawio',
}

function formatOf({ output, out }: PictureOptions): PictureFormat {
  if (output) return output
  const ending = out === undefined ? '' : extname(out).toLowerCase()
  const format = ending === '' ? 'svg' : endings[ending]
  if (format) return format
  throw new NatplanError('USAGE', `no picture is written to a file that ends with ${ending}`, {
    hint: `name a file with ${Object.keys(endings).join(', ')}, or say --output`,
  })
}
