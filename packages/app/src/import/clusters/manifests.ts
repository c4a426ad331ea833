import { NatplanError } from '@natplan/core'
import { limits } from '../../limits.ts'
import { utf8 } from '../../prefixes/bytes.ts'
import type { TextPieces } from '../../prefixes/text-pieces.ts'
import { readDocument } from '../../text/read-document.ts'
import { jsonElements } from '../json-elements.ts'
import { at } from '../json-values.ts'
import { isManaged } from './managed-clusters.ts'

/** An object of a cluster, and where it begins. */
export interface Manifest {
  readonly object: unknown
  readonly file: string
  readonly line: number
}

/** Reports whether a text is what `kubectl get` prints of objects, by its begin. */
export function isManifests(head: string): boolean {
  if (isManaged(head)) return true
  if (/^\s*\{/.test(head)) return /"apiVersion"\s*:\s*"/.test(head) && /"(kind|items)"\s*:/.test(head)
  return /^apiVersion:\s*\S/m.test(head) && /^(kind|items):/m.test(head)
}

/**
 * The objects in the output of `kubectl get -o json` or `-o yaml`, those of lists one by one.
 * @throws NatplanError for a text that cannot be parsed or is too large
 */
export async function* manifestsOf(text: TextPieces): AsyncGenerator<Manifest> {
  const file = text.name
  if (!/^\s*[[{]/.test(utf8(text.head))) yield* yamlManifests(file, await wholeText(text))
  else for await (const { value, line } of jsonElements(text, ['items'])) yield { object: value, file, line }
}

function* yamlManifests(file: string, text: string): Generator<Manifest> {
  let line = 1
  for (const part of text.split(/^(?=---)/m)) {
    const document = readDocument(file, part.replace(/^---.*/, ''), 'input')
    const [broken] = document.findings
    if (broken) {
      const place = `${file}:${line + (broken.place.line ?? 1) - 1}`
      throw new NatplanError(broken.code, `${place}: ${broken.message}`, broken.hint ? { hint: broken.hint } : {})
    }
    const items = at(document.data, 'items')
    const lineOf = (path: readonly (string | number)[]) =>
      line + (document.locate({ source: 'input', path })?.line ?? 1) - 1
    if (Array.isArray(items))
      for (const [index, object] of items.entries()) yield { object, file, line: lineOf(['items', index]) }
    else yield { object: document.data, file, line: lineOf([]) }
    line += part.split('\n').length - 1
  }
}

/** @throws NatplanError YAML_TOO_LARGE */
export async function wholeText({ name, chunks }: TextPieces, { most } = limits.yamlBytes): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of chunks) {
    text += decoder.decode(chunk, { stream: true })
    if (text.length <= most) continue
    throw new NatplanError('YAML_TOO_LARGE', `${name} has more than ${most / 1024 / 1024} MiB`, {
      hint: 'save it with -o json, which may have any length',
    })
  }
  return text + decoder.decode()
}
