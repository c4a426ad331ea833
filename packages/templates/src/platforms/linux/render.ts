import { type GatewayPolicy, hasErrors } from '@natplan/core'
import type { RenderedFile, Rendering, RenderOptions, Texts } from '../../platform.ts'
import { renderTemplates } from '../../render-templates.ts'
import { nftablesView } from './nftables-view.ts'
import { tunnelViews } from './swanctl-view.ts'
import { templates } from './templates.generated.ts'
import { unsupported } from './unsupported.ts'

type TemplateName = keyof typeof templates

/** Where each file stands on the gateway. The ruleset is put in place only after nft has checked it. */
const files: readonly { readonly template: TemplateName; readonly name: string; readonly path: string }[] = [
  { template: 'nftables', name: 'natplan.nft', path: '/etc/natplan/natplan.nft.new' },
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
]

export function render(policy: GatewayPolicy, options: RenderOptions): Rendering {
  const refused = unsupported(policy)
  if (hasErrors(refused)) return { texts: undefined, findings: refused }
  const tunnels = tunnelViews(policy, options)
  const pairs = tunnels.flatMap(({ selectors }) => selectors)
  const view = { site: policy.site, ...nftablesView(policy), tunnels, pairs }
  const { texts, findings } = renderTemplates(templates, { view, overrides: options.overrides })
  if (!texts) return { texts: undefined, findings }
  return {
    texts: textsOf(
      texts,
      tunnels.some(({ key }) => key !== undefined),
    ),
    findings,
  }
}

function textsOf(texts: Record<TemplateName, string>, hasKeys: boolean): Texts {
  const written = files.map(({ template, path }) =>
    hereDocument({ path, text: texts[template], mode: modeOf(template) }),
  )
  return {
    configure: [texts.configure, ...written, texts.apply].join(''),
    remove: texts.remove,
    check: texts.check,
    files: files.map(({ template, name }): RenderedFile => {
      return { name, text: texts[template], holdsSecret: template === 'secrets' && hasKeys }
    }),
    holdsSecret: hasKeys,
  }
}

function modeOf(template: TemplateName): string {
  return template === 'secrets' ? '0600' : '0644'
}

/** Shell that writes a file in one step. Nothing inside is expanded, and no value holds a line break, so none can end it. */
function hereDocument({ path, text, mode }: { readonly path: string; readonly text: string; readonly mode: string }) {
  return `install -D -m ${mode} /dev/stdin ${path} <<'NATPLAN'\n${text}NATPLAN\n`
}
