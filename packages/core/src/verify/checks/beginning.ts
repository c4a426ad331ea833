import type { Finding } from '../../finding.ts'
import { blockAdvice, blockText, canBegin } from '../../trace/outer-packets.ts'
import type { PeerEnd } from '../../world/ends.ts'
import { findingAt, otherEnd, type Subject } from '../subject.ts'

/** Filters let both ends of a tunnel begin, where both are meant to. */
export function bothEndsCanBegin({ pairs, decisions }: Subject): Finding[] {
  if (!decisions) return []
  return pairs.flatMap(({ here, there }) =>
    [
      { able: here, shut: there },
      { able: there, shut: here },
    ].flatMap(({ able, shut }) => {
      const { block } = begins(shut) ? canBegin(shut, able) : {}
      if (!block || canBegin(able, shut).answer !== 'yes') return []
      // Where packets wait for it in vain, they are a finding of their own.
      if (decisions.dropping.has(block.rule ?? block.set)) return []
      return findingAt('TUNNEL_ONE_SIDED', {
        site: block.end.site,
        at: block.rule ?? { line: block.set.fallbackLine ?? block.set.line },
        about: { tunnel: block.end.tunnel.name },
        message: `only ${able.site.name} can initiate its tunnel with ${shut.site.name}: ${blockText(block)}. When ${shut.site.name} loses the tunnel, it waits for ${able.site.name} to notice`,
        hint: blockAdvice(block),
        related: [otherEnd(block.end === able ? shut : able)],
      })
    }),
  )
}

function begins({ tunnel: { start, children, remote } }: PeerEnd): boolean {
  const isWilling = start !== 'respond' || children.some((child) => child.start !== 'respond')
  return isWilling && remote.address.kind !== 'any'
}
