import { type Finding, findingOf, inPlan, NatplanError } from '@natplan/core'
import { type Dialect, templateOf } from './engine.ts'
import type { OwnTemplate } from './parse-template.ts'
import type { TemplatePieces } from './template.ts'

/** The templates of a platform by name. */
export type Templates = Readonly<Record<string, TemplatePieces>>

/** A user's own, which replace those of the same name. */
export type OwnTemplates = Readonly<Record<string, OwnTemplate>>

/**
 * Prints every template of a platform with one view; a user's own replaces one of the same name. A value that is not safe and
 * a user's template that breaks the rules are findings; in a template of natplan's own the latter is a bug.
 */
export function renderTemplates<Name extends string>(
  templates: Readonly<Record<Name, TemplatePieces>>,
  {
    view,
    overrides = {},
    dialect = 'command',
  }: { readonly view: object; readonly overrides?: OwnTemplates | undefined; readonly dialect?: Dialect },
): { readonly texts: Record<Name, string> | undefined; readonly findings: readonly Finding[] } {
  const texts: Partial<Record<Name, string>> = {}
  const findings: Finding[] = unknownNames(templates, overrides)
  for (const name of Object.keys(templates) as Name[]) {
    const own = overrides[name]
    try {
      texts[name] = templateOf(own ? own() : templates[name], dialect)(view)
    } catch (error) {
      if (!(error instanceof NatplanError)) throw error
      if (error.code === 'TEMPLATE_WRONG' && own === undefined) throw new Error(`${name}: ${error.message}`)
      findings.push(findingOf(error.code, inPlan([]), { message: `in ${name}: ${error.message}` }))
    }
  }
  return { texts: findings.length > 0 ? undefined : (texts as Record<Name, string>), findings }
}

function unknownNames(templates: Templates, overrides: OwnTemplates): Finding[] {
  return Object.keys(overrides)
    .filter((name) => !Object.hasOwn(templates, name))
    .map((name) =>
      findingOf('TEMPLATE_WRONG', inPlan([]), {
        message: `${name} is not a template of this platform`,
        hint: `its templates are ${Object.keys(templates).join(', ')}`,
      }),
    )
}
