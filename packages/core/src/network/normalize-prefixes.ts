import { Prefix } from '../address/prefix.ts'
import { collect, type Finding, inPlan, type Path } from '../finding.ts'

/** Where something stands in the plan file, and where its problems are gathered. */
export interface Gathered {
  readonly path: Path
  readonly findings: Finding[]
}

/** The prefixes of a list; those that are wrong become findings and are left out. */
export function prefixes(texts: readonly string[], { path, findings }: Gathered): Prefix[] {
  return texts.flatMap((text, index) => prefixAt(text, { path: [...path, index], findings }) ?? [])
}

export function prefixAt(text: string, { path, findings }: Gathered): Prefix | undefined {
  return collect(inPlan(path), findings, () => Prefix.parse(text))
}
