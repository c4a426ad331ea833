import { abilities, hasErrors } from '@natplan/core'
import type { Comparer } from '../difference.ts'
import { firewallAccepts, firewallTexts } from '../firewall-texts.ts'
import { keyFindings } from '../keys.ts'
import type { OwnCapabilities, PlatformModule, Rendering, Texts } from '../platform.ts'
import { renderTemplates } from '../render-templates.ts'
import type { TemplatePieces } from '../template.ts'
import { acceptLines } from './accept-lines.ts'
import { adoptVyatta } from './adopt.ts'
import type { VyattaDialect } from './dialect.ts'
import { diffVyatta, splitVyatta, takeOffVyatta } from './diff.ts'
import { firewallFormOf } from './firewall-form.ts'
import { readVyattaDevice } from './read-device.ts'
import { runningOf, type ScriptForm, scriptOf } from './script.ts'
import { viewOf } from './view.ts'

/** The three templates that each member of the family has. */
export type VyattaTemplates = Readonly<Record<'configure' | 'remove' | 'check', TemplatePieces>>

/** The module of a member of the family out of what is its own: words, templates, capabilities. */
export function vyattaModule(own: {
  readonly dialect: VyattaDialect
  readonly templates: VyattaTemplates
  readonly capabilities: OwnCapabilities
  readonly scriptForm: ScriptForm
}): PlatformModule {
  const { dialect, templates, scriptForm } = own
  const { platform } = dialect
  const capabilities = { ...abilities[platform], ...own.capabilities }
  const firewall = firewallFormOf(platform)
  const render: PlatformModule['render'] = (policy, options): Rendering => {
    const { secrets, overrides, former } = options
    const { view, findings } = viewOf(policy, { dialect, secrets, ...(former ? { former } : {}) })
    if (hasErrors(findings)) return { texts: undefined, findings }
    const rendered = renderTemplates(templates, { view, overrides, dialect: 'router' })
    const filters = firewallTexts(policy, firewall, options)
    const texts: Texts | undefined = rendered.texts && {
      ...rendered.texts,
      configure: `${rendered.texts.configure}${filters.configure}`,
      remove: `${rendered.texts.remove}${filters.remove}`,
      files: [],
    }
    return { texts, findings: [...findings, ...rendered.findings] }
  }
  const compare: Comparer = {
    split: (text, policy) => splitVyatta(text, policy, dialect),
    diff(text, policy, options) {
      const { overrides } = options
      const { texts, findings } = render(policy, { secrets: new Map(), ...(overrides ? { overrides } : {}) })
      if (!texts) return { operations: [], keys: [], findings }
      const accepts = acceptLines(options.accepts ?? [], platform).flatMap(({ lines }) => lines)
      const wanted = [texts.configure, ...accepts.map((line) => `${line}\n`)].join('')
      const difference = diffVyatta(text, policy, { dialect, wanted, options })
      return { ...difference, findings: [...findings, ...difference.findings] }
    },
    takeOff: (text, site, only) => takeOffVyatta(text, { site, only }, dialect),
    adopt: (text, what) => adoptVyatta(text, what, dialect),
  }
  return {
    platform,
    capabilities,
    templates,
    render,
    compare,
    script: (text, kind) => scriptOf(scriptForm, text, kind),
    running: runningOf[scriptForm],
    acceptLines: (accepts) => acceptLines(accepts, platform),
    plannedAccepts: (policy) => firewallAccepts(policy, firewall),
    readDevice: (text) => readVyattaDevice(text, dialect),
    checkKey: (key, place) => keyFindings(key, { platform, ...capabilities.keys }, place),
  }
}
