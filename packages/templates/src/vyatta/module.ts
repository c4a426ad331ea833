import { abilities, hasErrors } from '@natplan/core'
import { keyFindings } from '../keys.ts'
import type { OwnCapabilities, Parsed, PlatformModule, Texts } from '../platform.ts'
import { renderTemplates } from '../render-templates.ts'
import type { VyattaDialect } from './dialect.ts'
import { type ScriptForm, scriptOf } from './script.ts'
import { viewOf } from './view.ts'

/** The three templates that each member of the family has. */
export type VyattaTemplates = Readonly<Record<'configure' | 'remove' | 'check', string>>

/** The module of a member of the family out of what is its own: words, templates, capabilities. */
export function vyattaModule(own: {
  readonly dialect: VyattaDialect
  readonly templates: VyattaTemplates
  readonly capabilities: OwnCapabilities
  readonly parse: (text: string) => Parsed
  readonly scriptForm: ScriptForm
}): PlatformModule {
  const { dialect, templates, scriptForm } = own
  const { platform } = dialect
  const capabilities = { ...abilities[platform], ...own.capabilities }
  return {
    platform,
    capabilities,
    templates,
    render(policy, { secrets, overrides }) {
      const { view, findings } = viewOf(policy, { dialect, secrets })
      if (hasErrors(findings)) return { texts: undefined, findings }
      const rendered = renderTemplates(templates, { view, overrides, dialect: 'router' })
      const holdsSecret = policy.tunnels.some(({ peer }) => secrets.has(peer))
      const texts: Texts | undefined = rendered.texts && { ...rendered.texts, files: [], holdsSecret }
      return { texts, findings: [...findings, ...rendered.findings] }
    },
    script: (text, kind) => scriptOf(scriptForm, text, kind),
    parse: own.parse,
    checkKey: (key, place) => keyFindings(key, { platform, ...capabilities.keys }, place),
  }
}
