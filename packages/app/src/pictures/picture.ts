import { type Finding, NatplanError } from '@natplan/core'
import { siteNamed } from '../plan/site-named.ts'
import { plannedWorld } from '../verify/planned-world.ts'
import { changesFigures } from './changes-figure.ts'
import { dotOf } from './dot.ts'
import { drawioOf } from './drawio.ts'
import type { Figure } from './figure.ts'
import { flowchartOf } from './flowchart.ts'
import type { PictureFormat } from './picture-formats.ts'
import { type PlannedNetwork, planFigure } from './plan-figure.ts'
import { readable } from './readable.ts'
import { joined, placeSideBySide } from './side-by-side.ts'
import { type SvgOptions, svgOf } from './svg.ts'
import { tunnelFigure } from './tunnel-figure.ts'

/** What of a plan is to be drawn; sites by the names that somebody typed. */
export type PictureWish =
  | { readonly kind: 'plan'; readonly around: string | undefined; readonly unfold: boolean }
  | { readonly kind: 'tunnel'; readonly sites: readonly [string, string] }
  | { readonly kind: 'changes' }

/** What is drawn, or why nothing is. */
export interface Pictured {
  readonly figures: readonly Figure[]
  /** Of the gateways, whose errors leave no way to draw. */
  readonly findings: readonly Finding[]
}

/** @throws NatplanError USAGE for a site that the plan has not, or where there is no plan to draw */
export function pictureFigures(planned: PlannedNetwork, wish: PictureWish): Pictured {
  const { network, plan } = planned
  if (wish.kind === 'plan') {
    const around = wish.around === undefined ? undefined : siteNamed(network, wish.around)
    return { figures: [planFigure(planned, { around, unfold: wish.unfold })], findings: [] }
  }
  if (!plan) throw new NatplanError('USAGE', 'nothing is planned', { hint: 'fix the errors first: natplan plan' })
  if (wish.kind === 'changes') return { figures: changesFigures(plan), findings: [] }
  const ends = [siteNamed(network, wish.sites[0]), siteNamed(network, wish.sites[1])] as const
  const { world, findings } = plannedWorld(plan)
  return { figures: world ? [tunnelFigure(plan, ends, world)] : [], findings }
}

/** One figure, or several side by side, in a form that people can look at or go on with. The same figures give the same bytes. */
export function pictureText(drawn: readonly Figure[], format: PictureFormat): string {
  const figures = drawn.map(readable)
  switch (format) {
    case 'svg':
      return svgOfFigures(drawn)
    case 'drawio':
      return drawioOf(placeSideBySide(figures))
    case 'dot':
      return dotOf(joined(figures))
    case 'mermaid':
      return flowchartOf(joined(figures))
  }
}

/** A picture to stand in a document. */
export function svgOfFigures(figures: readonly Figure[], options?: SvgOptions): string {
  return svgOf(placeSideBySide(figures.map(readable)), options)
}
