import type { PlatformModule } from '@natplan/templates'
import { namesText } from '../text/count.ts'
import type { RenderedGateway } from './render-gateways.ts'

/** How the lines get into the gateways of each platform: as a file to run, or by hand. */
export function enteringSection(gateways: readonly RenderedGateway[]): string {
  const platforms = new Map<PlatformModule, string[]>()
  for (const { policy, module } of gateways) platforms.set(module, [...(platforms.get(module) ?? []), policy.site])
  return [...platforms].map(([module, sites]) => entering(module, sites)).join('')
}

function entering(module: PlatformModule, sites: readonly string[]): string {
  return `
### On ${module.platform}: ${namesText(sites)}

${howTo(module, sites[0] ?? '')}`
}

function howTo({ capabilities: { session, entering }, running }: PlatformModule, site: string): string {
  if (!running) return entering?.(site) ?? ''
  const asFile = block(running.commands('configure.sh'))
  if (!session) {
    return `Copy \`configure.sh\` there. It ${running.effect}; there is no way to confirm, so have \`remove.sh\` ready:\n\n${asFile}`
  }
  const byHand = [
    ...session.begin,
    `# paste ${site}/configure.txt here (for each site its own)`,
    ...session.apply,
    `# in a second session: the commands of ${site}/check.txt; without the next line the device reverts everything after 10 minutes`,
    ...session.keep,
  ]
  return `By hand, in a session of the device:

${block(byHand)}
Or as a file that ${running.effect}:

${asFile}`
}

function block(lines: readonly string[]): string {
  return lines.map((line) => `    ${line}\n`).join('')
}
