import { NatplanError } from '@natplan/core'

/** One step down into a JSON value: a key, or the elements of an array. */
export type JsonStep = string | typeof element
export const element = Symbol('element')

/**
 * Reads a path as jq writes it: `.Subnets[].CidrBlock`, `.["a.b"][]`, `.[].*.prefix`; `*` is any key.
 * @throws NatplanError USAGE
 */
export function parseJsonPath(text: string): JsonStep[] {
  const step = /\.?\[\]|\.?\["((?:[^"\\]|\\.)*)"\]|\.([^.[\]"\s]+)/y
  const steps: JsonStep[] = []
  while (step.lastIndex < text.length) {
    const at = step.lastIndex
    const match = step.exec(text)
    if (!match && text === '.') break
    if (!match) throw notAPath(text, at)
    const [, quoted, plain] = match
    steps.push(plain ?? (quoted === undefined ? element : (JSON.parse(`"${quoted}"`) as string)))
  }
  return steps
}

function notAPath(text: string, at: number): NatplanError {
  return new NatplanError('USAGE', `--path ${text} is not a path: ${JSON.stringify(text.slice(at))} is not a step`, {
    hint: 'for example --path .Subnets[].CidrBlock, or .[] for the elements of a list',
  })
}

/** Reports whether the place of a value is what a path means. */
export function isAt(path: readonly JsonStep[], place: readonly JsonStep[], depth: number): boolean {
  if (path.length !== depth) return false
  return path.every((step, index) => step === place[index] || (step === '*' && place[index] !== element))
}

export function formatJsonPath(place: readonly JsonStep[]): string {
  const text = place.map((step) => {
    if (step === element) return '[]'
    return /^[A-Za-z_][\w-]*$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`
  })
  const path = text.join('')
  return path.startsWith('.') ? path : `.${path}`
}
