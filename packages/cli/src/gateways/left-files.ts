import type { OutputFile } from './output-folder.ts'
import type { RenderedGateway } from './render-gateways.ts'

/** The texts that natplan wrote before and nobody changed since, by path. */
type Before = ReadonlyMap<string, string>

/** What is still to be taken off devices, because it left the plan. */
export interface LeftFiles {
  /** Sites without a gateway in the plan, whose files to remove it stay. */
  readonly sites: readonly string[]
  /** Sites whose gateway stays, with lines for what left. */
  readonly parts: readonly string[]
  readonly files: readonly OutputFile[]
}

/** The files that take natplan off a gateway, as a whole or what left the plan. */
const removals = ['remove.txt', 'remove.sh', 'remove-left.txt', 'remove-left.sh']

/**
 * What left the plan since the files were written still stands on the devices. The files that remove a whole gateway stay as they are; of one
 * that stays, the lines that no longer belong to what the plan has are kept in `remove-left.txt`, until somebody deletes that.
 */
export function leftFiles(before: Before, gateways: readonly RenderedGateway[]): LeftFiles {
  const planned = new Set<string>(gateways.map(({ policy }) => policy.site))
  const stay = [...before].filter(([path]) => removals.some((name) => siteOf(path, name) && !planned.has(siteOf(path, name))))
  const parts = gateways.flatMap((gateway) => partLeft(before, gateway))
  return {
    sites: [...new Set(stay.map(([path]) => path.split('/')[0] ?? ''))].sort(),
    parts: parts.filter(({ path }) => path.endsWith('.txt')).map(({ path }) => siteOf(path, 'remove-left.txt')),
    files: [...stay.map(([path, text]) => ({ path, text, isSecret: false })), ...parts],
  }
}

/** The folder that holds a file of that name; empty when it is another one. */
function siteOf(path: string, name: string): string {
  return path.endsWith(`/${name}`) ? path.slice(0, -name.length - 1) : ''
}

const heading = '# Left the plan, and may still stand on this gateway. Delete this file when it does not.'

function partLeft(before: Before, { policy: { site }, module, texts }: RenderedGateway): OutputFile[] {
  const there = new Set(texts.remove.split('\n'))
  const was = ['remove-left.txt', 'remove.txt'].flatMap((name) => before.get(`${site}/${name}`)?.split('\n') ?? [])
  const lines = [...new Set(was)].filter((line) => line.startsWith('delete ') && !there.has(line))
  if (lines.length === 0) return []
  const text = [heading, ...lines].map((line) => `${line}\n`).join('')
  const script = module.script(text, 'remove')
  return [
    { path: `${site}/remove-left.txt`, text, isSecret: false },
    ...(script === undefined ? [] : [{ path: `${site}/remove-left.sh`, text: script, isSecret: false }]),
  ]
}
