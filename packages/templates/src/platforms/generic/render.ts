import { type Finding, findingOf, type GatewayPolicy, inPlan } from '@natplan/core'
import { oneToOneOf } from '../../one-to-one.ts'
import type { Rendering, RenderOptions } from '../../platform.ts'
import { renderTemplates } from '../../render-templates.ts'
import { templates } from './templates.generated.ts'
import { sheetView } from './view.ts'

/** What may stand in a cell of a Markdown table and be typed into the form of any product. */
const plainText = /^[A-Za-z0-9][A-Za-z0-9 .:_@/+-]*$|^@[A-Za-z0-9.:_-]+$/

/** The hand-over sheet. It never holds a key. */
export function render(policy: GatewayPolicy, { overrides }: RenderOptions): Rendering {
  const refused = [...unsafeValues(policy), ...unsupportedRules(policy)]
  if (refused.length > 0) return { texts: undefined, findings: refused }
  const { texts, findings } = renderTemplates(templates, { view: sheetView(policy), overrides, dialect: 'document' })
  if (!texts) return { texts: undefined, findings }
  return {
    texts: {
      configure: `${texts.configure}\n${texts.check}`,
      remove: texts.remove,
      check: texts.check,
      files: [],
    },
    findings,
  }
}

function unsafeValues({ site, outside, inside, tunnels }: GatewayPolicy): Finding[] {
  const values = [site, outside.interface, inside?.interface ?? outside.interface]
  for (const { peer, local, remote } of tunnels) values.push(peer, local.identity, remote.identity)
  if (values.every((value) => plainText.test(value))) return []
  const message = 'a name, interface or identity has characters that cannot stand in the sheet'
  return [findingOf('VALUE_UNSAFE', inPlan([]), { message })]
}

function unsupportedRules({ site, nat }: GatewayPolicy): Finding[] {
  return nat.flatMap((rule) => {
    const reason = oneToOneOf(rule)
    if (typeof reason !== 'string') return []
    const message = `the sheet for ${site} has no words for rule ${rule.number}: ${reason}`
    return [findingOf('POLICY_UNSUPPORTED', inPlan(['sites', site, 'gateway']), { message })]
  })
}
