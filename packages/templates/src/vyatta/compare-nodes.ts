import { Address, Prefix } from '@natplan/core'
import type { Operation } from '../difference.ts'
import { secretRanges } from '../secret-ranges.ts'
import type { ConfigNode } from './config-tree.ts'
import { quotedWord, splitWords } from './split-words.ts'

/** A `set` or `delete` without what it belongs to. */
export type Step = Pick<Operation, 'kind' | 'path' | 'reason' | 'text'>

/** How one thing is compared. */
export interface Comparison {
  /** Leaves that hold several values, so that setting one leaves the others. */
  readonly lists: readonly string[]
  /** Leaves that are not compared here. */
  readonly apart: readonly string[]
  /** Reports whether a node goes and comes back as a whole where something of it differs. */
  readonly isRenewed: (path: readonly string[]) => boolean
}

/** Lines that say what a device does without them, or nothing about packets; they are left where they are. */
const idle = new Set([
  'log',
  'log enable',
  'log disable',
  'protocol all',
  'mode tunnel',
  'compression disable',
  'ikev2-reauth no',
  'close-action none',
  'secret-type plaintext',
  'allow-nat-networks disable',
  'allow-public-networks disable',
])

/** The steps from one subtree to another, new lines before old ones go. */
export function compareNodes(
  running: ConfigNode,
  wanted: ConfigNode,
  { path, comparison }: { readonly path: readonly string[]; readonly comparison: Comparison },
): Step[] {
  const { lists, apart, isRenewed } = comparison
  const sets: Step[] = []
  const deletes: Step[] = []
  if (isLeaf(running) && isLeaf(wanted)) return compareValues(running, wanted, { path, lists })
  for (const [name, child] of wanted.children()) {
    const there = running.at(name)
    const inner = [...path, name]
    if (there) {
      const steps = compareNodes(there, child, { path: inner, comparison })
      sets.push(...(isRenewed(inner) ? renewSteps(steps, child, inner) : steps))
    } else sets.push(...setSteps(child, 'missing'))
  }
  for (const [name, child] of running.children()) {
    if (wanted.at(name) || apart.includes(name) || isIdle(name, child)) continue
    deletes.push(deleteStep([...path, name], 'surplus'))
  }
  return [...sets, ...deletes]
}

/** A device may take a node away with the last line below it. */
export function renewSteps(steps: readonly Step[], wanted: ConfigNode, path: readonly string[]): readonly Step[] {
  return steps.length === 0 ? steps : [deleteStep(path, 'surplus'), ...setSteps(wanted, 'differs')]
}

/** All values below a leaf, or nothing below a flag. */
function isLeaf(node: ConfigNode): boolean {
  return node.children().every(([, value]) => value.isEmpty)
}

function compareValues(
  running: ConfigNode,
  wanted: ConfigNode,
  { path, lists }: { readonly path: readonly string[]; readonly lists: readonly string[] },
): Step[] {
  const there = running.children().map(([value]) => value)
  const planned = wanted.children().map(([value]) => value)
  const missing = wanted.children().filter(([value]) => !there.some((other) => isSame(value, other)))
  const surplus = there.filter((value) => !planned.some((other) => isSame(value, other)))
  const reason = surplus.length > 0 ? 'differs' : 'missing'
  const isReplaced = missing.length > 0 && !lists.includes(path.at(-1) ?? '')
  return [
    ...missing.flatMap(([, node]) => setSteps(node, reason)),
    ...(isReplaced
      ? []
      : surplus.map((value) => deleteStep([...path, value], missing.length > 0 ? 'differs' : 'surplus'))),
  ]
}

/** Devices may show an address or prefix in another spelling than it was set in. */
function isSame(one: string, other: string): boolean {
  if (one === other) return true
  const prefix = prefixOf(one)
  return prefix !== undefined && prefix === prefixOf(other)
}

function prefixOf(text: string): string | undefined {
  const address = Address.tryParse(text)
  return (address ? Prefix.of(address) : Prefix.tryParse(text))?.toString()
}

function isIdle(name: string, node: ConfigNode): boolean {
  const values = node.children()
  if (!isLeaf(node)) return values.every(([inner, child]) => isIdle(inner, child))
  return values.length === 0 ? idle.has(name) : values.every(([value]) => idle.has(`${name} ${value}`))
}

/** The lines of a subtree as natplan wrote them. */
export function setSteps(node: ConfigNode, reason: Operation['reason']): Step[] {
  return node.lines().map(({ text }) => {
    const [, ...path] = splitWords(text).map((word) => word.text)
    return { kind: 'set', path, reason, text: `${text}\n` }
  })
}

/** A leaf that holds a secret goes without its value being named. */
export function deleteStep(whole: readonly string[], reason: Operation['reason']): Step {
  const leaf = whole.slice(0, -1)
  const path = showsSecret(whole) && showsSecret([...leaf, 'x']) ? leaf : whole
  return { kind: 'delete', path, reason, text: `${deletion(path)}\n` }
}

function deletion(path: readonly string[]): string {
  return `delete ${path.map(quotedWord).join(' ')}`
}

/** The last word of a path to a named key is the name. */
function showsSecret(path: readonly string[]): boolean {
  const line = deletion(path)
  return path.at(-2) !== 'psk' && secretRanges(line).length > 0
}

const quotable = /^[\x20\x21\x23\x25\x26\x28-\x3e\x40-\x5b\x5d-\x5f\x61-\x7e]+$/

/** Reports whether a line can be printed and entered: no word of it is a secret, ends a quote or opens the device's help. */
export function isSafe({ kind, path }: Step): boolean {
  return kind !== 'delete' || canBeEntered(path)
}

/** Reports whether the words of a line can be printed and entered. */
export function canBeEntered(path: readonly string[]): boolean {
  return path.every((word) => quotable.test(word)) && !showsSecret(path)
}
