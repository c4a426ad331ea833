import { fileNames, type Given } from './given.ts'

/** What the sites of the two texts are called. */
type SiteNames = Readonly<Record<'ours' | 'theirs', string>>

const own = /natplan: ([A-Za-z][\w-]{0,30}) (?:\S+ )?(?:to|from) ([A-Za-z][\w-]{0,30})(?![\w-])/g

/**
 * As natplan called them on both gateways, so that what it wrote there is known again; else as the boxes are called. Both must say the same:
 * each calls itself what the other calls its peer.
 */
export function siteNamesOf({ ours, theirs }: Pick<Given, 'ours' | 'theirs'>): SiteNames {
  const there = new Set(pairsIn(theirs).map(([site, peer]) => `${peer} ${site}`))
  const [one, ...more] = new Map(
    pairsIn(ours)
      .filter(([site, peer]) => site !== peer && there.has(`${site} ${peer}`))
      .map((pair) => [pair.join(' '), pair]),
  ).values()
  return one && more.length === 0
    ? { ours: one[0], theirs: one[1] }
    : { ours: fileNames.ours, theirs: fileNames.theirs }
}

function pairsIn(text: string): [site: string, peer: string][] {
  return [...text.matchAll(own)].map(([, site = '', peer = '']) => [site, peer])
}
