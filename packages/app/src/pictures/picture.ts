import { NatplanError } from '@natplan/core'
import { plannedWorld } from '../verify/planned-world.ts'
import { changesFigures } from './changes-figure.ts'
import { dotOf } from './dot.ts'
import { drawioOf } from './drawio.ts'
import type { Figure } from './figure.ts'
import { flowchartOf } from './flowchart.ts'
import type { PictureFormat } from './picture-formats.ts'
import { type PlannedNetwork, planFigure, siteIn } from './plan-figure.ts'
import { readable } from './readable.ts'
import { joined, placeSideBySide } from './side-by-side.ts'
import { type SvgOptions, svgOf } from './svg.ts'
import { tunnelFigure } from './tunnel-figure.ts'

/** What of a plan is to be drawn; sites by the names that somebody typed. */
export type PictureWish =
  | { readonly kind: 'plan'; readonly around: string | undefined; readonly unfold: boolean }
  | { readonly kind: 'tunnel'; readonly sites: readonly [string, string] }
  | { readonly kind: 'changes' }

/** @throws NatplanError USAGE for a site that the plan has not, or where there is no plan to draw */
export function pictureFigures(planned: PlannedNetwork, wish: PictureWish): readonly Figure[] {
  const { network, plan } = planned
  if (wish.kind === 'plan') {
    const around = wish.around === undefined ? undefined : siteIn(network, wish.around)
    return [planFigure(planned, { around, unfold: wish.unfold })]
  }
  if (!plan) throw new NatplanError('USAGE', 'nothing is planned', { hint: 'mend the errors first: natplan plan' })
  if (wish.kind === 'changes') return changesFigures(plan)
  const [one, other] = wish.sites
  return [tunnelFigure(plan, [siteIn(network, one), siteIn(network, other)], plannedWorld(plan).world)]
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
