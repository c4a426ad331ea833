import type { PlatformModule } from '@natplan/templates'
import type { RenderedGateway } from './render-gateways.ts'

/** How the lines get into the gateways of each platform: as a file to run, or by hand. */
export function enteringSection(gateways: readonly RenderedGateway[]): string {
  const platforms = new Map<PlatformModule, string[]>()
  for (const { policy, module } of gateways) platforms.set(module, [...(platforms.get(module) ?? []), policy.site])
  return [...platforms].map(([module, sites]) => entering(module, sites)).join('')
}

/** So many sites of one platform are named; the rest is in the table. */
const namedAtMost = 10

function entering(module: PlatformModule, sites: readonly string[]): string {
  const more = sites.length > namedAtMost ? ` and ${sites.length - namedAtMost} more` : ''
  const title = `### On ${module.platform}: ${sites.slice(0, namedAtMost).join(', ')}${more}`
  return `
${title}

${howTo(module, sites[0] ?? '')}`
}

function howTo(module: PlatformModule, site: string): string {
  const { platform, capabilities } = module
  if (capabilities.enteredByHand) return `Hand \`hand-over.md\` in the folder to whoever runs the gateway.\n`
  const { session } = capabilities
  if (!session)
    return `Copy \`configure.sh\` there and run it as root; there is no way to confirm, so have \`remove.sh\` ready:\n\n${block(running(module))}`
  const byHand = [
    ...session.begin,
    `# paste ${site}/configure.txt here, of each site its own`,
    ...session.apply,
    `# in a second session: the commands of ${site}/check.txt; without the next line the device takes everything back after 10 minutes`,
    ...session.keep,
  ]
  return `By hand, in a session of the device:

${block(byHand)}
Or as a file that stops where the device refuses a line${platform.startsWith('vyos') ? '; it confirms and saves when it is run again' : ', and that commits and saves at once'}:

${block(running(module))}`
}

/** The commands that run the script on the device. */
function running({ platform }: PlatformModule): string[] {
  switch (platform) {
    case 'linux':
      return ['sh configure.sh']
    case 'vyatta-5600':
      return ['vcli -f configure.sh']
    case 'vyatta-5400':
    case 'edgeos':
      return ['/bin/vbash configure.sh']
    default:
      return ['/bin/vbash configure.sh', '/bin/vbash configure.sh confirm']
  }
}

function block(lines: readonly string[]): string {
  return lines.map((line) => `    ${line}\n`).join('')
}
