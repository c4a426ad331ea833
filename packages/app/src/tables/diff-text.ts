import { type Cut, NatplanError } from '@natplan/core'
import { platformModule } from '@natplan/templates'
import type { GatewayDiff } from '../gateways/gateway-diff.ts'

/** What to enter on each gateway; nothing for one that does what the plan says. */
export function diffText(
  diffs: readonly GatewayDiff[],
  { script, headings }: { readonly script: boolean; readonly headings: boolean },
): string {
  return diffs
    .filter(({ difference }) => difference.operations.length > 0)
    .map((diff) => {
      const { site, platform } = diff
      const heading = headings ? `# ---- ${site} (${platform}): diff ----\n` : ''
      return `${heading}${textOf(diff, script)}`
    })
    .join('\n')
}

function textOf({ platform, difference }: GatewayDiff, script: boolean): string {
  const text = difference.operations.map((operation) => operation.text).join('')
  if (!script) return text
  const wrapped = platformModule(platform)?.script(text, 'configure')
  if (wrapped !== undefined) return wrapped
  throw new NatplanError('USAGE', `${platform} has no script form`, { hint: 'leave --script out' })
}

/** So many broken flows are named one by one. */
const shownCuts = 10

/** For people: what changes on each gateway, and which flows break. */
export function diffSummary(diffs: readonly GatewayDiff[]): string[] {
  return diffs
    .flatMap((diff) => {
      const { site } = diff
      const left = diff.cuts.length - shownCuts
      return [
        `${site}: ${countsOf(diff)}`,
        ...diff.cuts.slice(0, shownCuts).map((cut) => `${site}: ${cutText(cut)}`),
        ...(left > 0 ? [`${site}: and ${left} more`] : []),
      ]
    })
    .map((line) => `natplan: ${line}`)
}

/** `2 rules added, 1 tunnel changed`. */
function countsOf({ difference }: GatewayDiff): string {
  const counts = new Map<string, Set<string>>()
  for (const { kind, name, change } of difference.operations.map(({ object }) => object)) {
    const key = `${kind} ${change}`
    counts.set(key, (counts.get(key) ?? new Set()).add(name))
  }
  const words = [...counts].map(([key, names]) => {
    const [kind, change] = key.split(' ')
    return `${names.size} ${kind}${names.size === 1 ? '' : 's'} ${change}`
  })
  return words.length > 0 ? words.join(', ') : 'as planned'
}

function cutText({ kind, peer, local, remote }: Cut): string {
  const flows = `flows between ${local} and ${remote} of ${peer}`
  switch (kind) {
    case 'ends':
      return `${flows} end: the plan no longer has this pair`
    case 'waits':
      return `${flows} break until the gateway of ${peer} has the same change`
    case 'translates':
      return `${flows} that are open keep their old addresses; new ones get those of the plan`
  }
}
