import { type NodeRouting, type Plan, parseSiteName } from '@natplan/core'
import type { OutputFile, Texts } from './output-file.ts'
import type { RenderedGateway } from './render-gateways.ts'

/** What is still to be taken off devices, because it left the plan. */
export interface LeftFiles {
  /** Sites that have no gateway, or no cluster, in the plan any more and whose files to remove it stay. */
  readonly sites: readonly string[]
  /** Sites whose gateway stays, with lines for what left. */
  readonly parts: readonly string[]
  readonly files: readonly OutputFile[]
}

/** The files that take natplan off a gateway, as a whole or what left the plan, and off the nodes of a cluster. */
const ofGateway = ['remove.txt', 'remove.sh', 'remove-left.txt', 'remove-left.sh']
const ofCluster = ['kubernetes.yaml', 'kubernetes-remove.yaml']

/**
 * What left the plan since the files were written still stands on the devices. The files that remove a whole gateway stay as they are; of one
 * that stays, the lines that no longer belong to what the plan has are kept in `remove-left.txt`, until somebody deletes that.
 */
export function leftFiles(
  written: Texts,
  { network }: Plan,
  { gateways, clusters }: { readonly gateways: readonly RenderedGateway[]; readonly clusters: readonly NodeRouting[] },
): LeftFiles {
  const ofSites = new Map([...written].filter(([path]) => isSiteName(folderOf(path))))
  const before = network.moves.reduce(withMoved, ofSites)
  const stay = [
    ...removalsOf(before, ofGateway, new Set(gateways.map(({ policy }) => policy.site))),
    ...removalsOf(before, ofCluster, new Set(clusters.map(({ site }) => site))),
  ]
  const parts = gateways.flatMap((gateway) => partLeft(before, gateway))
  return {
    sites: [...new Set(stay.map(({ path }) => folderOf(path)))].sort(),
    parts: parts.filter(({ path }) => path.endsWith('.txt')).map(({ path }) => folderOf(path)),
    files: [...stay, ...parts],
  }
}

/** A site that only has another name stands on the same device. */
function withMoved(before: Texts, { from, to }: Plan['network']['moves'][number]): Texts {
  const now = (path: string) => (folderOf(path) === from ? `${to}${path.slice(from.length)}` : path)
  return new Map(
    [...before]
      .filter(([path]) => now(path) === path || !before.has(now(path)))
      .map(([path, text]) => [now(path), text]),
  )
}

/** Of sites that are not planned any more. */
function removalsOf(before: Texts, names: readonly string[], planned: ReadonlySet<string>): OutputFile[] {
  return [...before]
    .filter(([path]) => names.some((name) => path === `${folderOf(path)}/${name}`) && !planned.has(folderOf(path)))
    .map(([path, text]) => ({ path, text }))
}

/** The list of natplan's files may come with a stranger's change: what could not be a site is none that left. */
function isSiteName(text: string): boolean {
  try {
    return parseSiteName(text) === text
  } catch {
    return false
  }
}

function folderOf(path: string): string {
  return path.split('/')[0] ?? ''
}

/** The list of natplan's files may come with a stranger's change, and so may these lines: only those that hold no second command are taken over. */
const deletion = /^delete(?: (?:[\w@:./+*-]+|'[\w@:./+* -]*'))+$/

const heading = '# Left the plan, and may still stand on this gateway. Delete this file when it does not.'

function partLeft(before: Texts, { policy: { site }, module, texts }: RenderedGateway): OutputFile[] {
  const there = new Set(texts.remove.split('\n'))
  const was = ['remove-left.txt', 'remove.txt'].flatMap((name) => before.get(`${site}/${name}`)?.split('\n') ?? [])
  const lines = [...new Set(was)].filter((line) => deletion.test(line) && !there.has(line))
  if (lines.length === 0) return []
  const text = [heading, ...lines].map((line) => `${line}\n`).join('')
  const script = module.script(text, 'remove')
  return [
    { path: `${site}/remove-left.txt`, text },
    ...(script === undefined ? [] : [{ path: `${site}/remove-left.sh`, text: script }]),
  ]
}
