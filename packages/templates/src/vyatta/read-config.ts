import type { NotUnderstood } from '../platform.ts'
import { eachLine } from '../text-lines.ts'
import { ConfigNode } from './config-tree.ts'
import { readJson } from './json-config.ts'
import { LineReader } from './line-reader.ts'
import { placeTrees } from './place-trees.ts'

/** A text of the family, as a tree. */
export interface ConfigText {
  readonly root: ConfigNode
  /** By line: what is neither configuration nor known to be something else, such as a word that begins no tree of the family. */
  readonly stray: readonly NotUnderstood[]
  /** Of a text in braces: one is open at the end, or closed that was not open. */
  readonly isCut: boolean
}

/**
 * Reads a configuration however it was pasted: `set` lines as a device prints them, behind prompts, in the quotes and dashes of a list,
 * below `edit`; the braces of `config.boot`, of the whole or of one tree; the JSON of VyOS and UniFi. Nothing is dropped but what is
 * known to say nothing. Time is linear in the text.
 */
export function readConfig(text: string): ConfigText {
  if (lastSeen?.text !== text) return configOf(text)
  const { config, isTaken } = lastSeen
  lastSeen.isTaken = true
  return isTaken ? { ...config, root: config.root.copy() } : config
}

/** Of which text it is asked several times before it is read; one is kept. Who reads it marks it, so that each reader needs a tree of its own. */
let lastSeen: { readonly text: string; readonly config: ConfigText; isTaken: boolean } | undefined

/** The same tree for everybody who asks what kind of text it is: marks nothing, and does not look at marks. */
export function seenConfig(text: string): ConfigText {
  if (lastSeen?.text !== text) lastSeen = { text, config: configOf(text), isTaken: false }
  return lastSeen.config
}

function configOf(text: string): ConfigText {
  const root = new ConfigNode()
  const reader = new LineReader(root, {
    isComparison: text.includes('+') && /^[ \t]*\+[ \t]*(?:set|delete) /m.test(text),
  })
  const json = readJson(text, root)
  if (json) for (const line of json.lines) reader.take(line)
  else eachLine(text, reader.take.bind(reader), reader.takePrinted.bind(reader))
  const { stray, isCut } = reader.finish()
  const all = [...(json?.stray ?? []), ...stray, ...placeTrees(root)]
  return { root, stray: all.sort((a, b) => a.line - b.line), isCut }
}
