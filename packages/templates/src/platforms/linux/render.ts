import { type Finding, type GatewayPolicy, hasErrors, takeOversOf } from '@natplan/core'
import { type FirewallTexts, firewallTexts } from '../../firewall-texts.ts'
import type { RenderedFile, Rendering, RenderOptions, Texts } from '../../platform.ts'
import { renderTemplates } from '../../render-templates.ts'
import { firewallForm } from './firewall-form.ts'
import { switchingScript } from './marks.ts'
import { nftablesView } from './nftables-view.ts'
import { needsScript, routedView } from './routed-view.ts'
import { callingTunnels, tunnelViews } from './swanctl-view.ts'
import { templates } from './templates.generated.ts'
import { unsupported } from './unsupported.ts'

type TemplateName = keyof typeof templates

/** A file of the gateway: which template gives its text, and where it is written. */
export interface File {
  readonly template: TemplateName
  readonly name: string
  readonly path: string
}

/** The ruleset, which is put in its place only after nft has checked it. */
export const ruleset: File = { template: 'nftables', name: 'natplan.nft', path: '/etc/natplan/natplan.nft.new' }

/** What is written once the ruleset is in force. */
const others: readonly File[] = [
  {
    template: 'service',
    name: 'natplan-nftables.service',
    path: '/etc/systemd/system/natplan-nftables.service',
  },
  {
    template: 'connections',
    name: 'natplan-connections.conf',
    path: '/etc/swanctl/conf.d/natplan-connections.conf',
  },
  { template: 'secrets', name: 'natplan-secrets.conf', path: '/etc/swanctl/conf.d/natplan-secrets.conf' },
  { template: 'kernel', name: 'natplan-sysctl.conf', path: '/etc/sysctl.d/90-natplan.conf' },
]

/** What only a gateway with tunnels that take over from each other has. */
const switching: File = { template: 'switching', name: 'natplan-switching.sh', path: switchingScript }

/** What only a gateway with virtual interfaces has. */
const networking: readonly File[] = [
  { template: 'interfaces', name: 'natplan-interfaces.sh', path: '/etc/natplan/natplan-interfaces.sh' },
  {
    template: 'networking',
    name: 'natplan-interfaces.service',
    path: '/etc/systemd/system/natplan-interfaces.service',
  },
]

/** What only a gateway has that brings tunnels up by itself. */
export const callFiles: readonly File[] = [
  { template: 'calls', name: 'natplan-calls.sh', path: '/etc/natplan/natplan-calls.sh' },
  { template: 'calling', name: 'natplan-calls.service', path: '/etc/systemd/system/natplan-calls.service' },
]

export const allFiles: readonly File[] = [...others, ...networking, switching, ...callFiles]

/** The files of a gateway that are written once the ruleset is in force. */
function furtherFiles(policy: GatewayPolicy): readonly File[] {
  const calls = callingTunnels(policy).length > 0 ? callFiles : []
  return needsScript(policy) ? [...others, ...networkFiles(policy), ...calls] : [...others, ...calls]
}

/** What sets up virtual interfaces, routes, and for whom the gateway answers ARP. */
export function networkFiles(policy: GatewayPolicy): readonly File[] {
  return takeOversOf(policy).length > 0 ? [...networking, switching] : networking
}

export type Parts = Record<TemplateName, string>

export function render(policy: GatewayPolicy, options: RenderOptions): Rendering {
  const { parts, findings } = renderParts(policy, options)
  return {
    texts: parts && textsOf(parts, policy, firewallTexts(policy, firewallForm, options)),
    findings,
  }
}

/** The text of each template. */
export function renderParts(
  policy: GatewayPolicy,
  options: RenderOptions,
): { readonly parts: Parts | undefined; readonly findings: readonly Finding[] } {
  const refused = unsupported(policy)
  if (hasErrors(refused)) return { parts: undefined, findings: refused }
  const tunnels = tunnelViews(policy, options)
  const pairs = tunnels.flatMap(({ selectors }) => selectors)
  const called = new Set<string>(callingTunnels(policy).map(({ peer }) => peer))
  const calling = tunnels.filter(({ peer }) => called.has(peer))
  const calls = { calling, isCalling: calling.length > 0 }
  const view = { site: policy.site, ...nftablesView(policy), ...routedView(policy), tunnels, pairs, ...calls }
  const { texts, findings } = renderTemplates(templates, { view, overrides: options.overrides })
  return { parts: texts, findings }
}

function textsOf(texts: Parts, policy: GatewayPolicy, filters: FirewallTexts): Texts {
  const written = (file: File) => writeCommand(file, texts[file.template])
  const further = furtherFiles(policy)
  return {
    configure: [
      texts.configure,
      written(ruleset),
      texts.load,
      ...(needsScript(policy) ? [] : [texts.clear]),
      ...further.map(written),
      texts.settings,
      ...(needsScript(policy) ? [texts.up] : []),
      texts.apply,
      callingTunnels(policy).length > 0 ? texts.call : texts.hush,
      filters.configure,
    ].join(''),
    remove: `${filters.remove}${texts.hush}${texts.clear}${texts.remove}`,
    check: texts.check,
    files: [ruleset, ...further].map(({ template, name }): RenderedFile => ({ name, text: texts[template] })),
  }
}

function modeOf(template: TemplateName): string {
  if (template === 'secrets') return '0600'
  return template === 'switching' ? '0755' : '0644'
}

/** Shell that writes a file in one step. Nothing inside is expanded, and no value holds a line break, so none can end it. */
export function writeCommand({ template, path }: File, text: string): string {
  return `install -D -m ${modeOf(template)} /dev/stdin ${path} <<'NATPLAN'\n${text}NATPLAN\n`
}
