import { readFileSync } from 'node:fs'
import type { Member } from './device.ts'
import type { OperationsTable } from './table.ts'

/** The members whose operational commands are published. */
export const operated = ['vyos-1.5', 'vyos-1.4', 'vyos-1.3'] as const satisfies readonly Member[]

export type Operated = (typeof operated)[number]

export function isOperated(member: Member): member is Operated {
  return operated.some((one) => one === member)
}

const known = new Map<Operated, readonly (readonly string[])[]>()

function commandsOf(member: Operated): readonly (readonly string[])[] {
  const there = known.get(member)
  if (there) return there
  const file = new URL(`tables/${member}.operations.json`, import.meta.url)
  const { commands } = JSON.parse(readFileSync(file, 'utf8')) as OperationsTable
  const read = commands.map((command) => command.split(' '))
  known.set(member, read)
  return read
}

/** The commands of a text that the operational mode of a release does not have; what `sudo` runs is a program of the system's. */
export function strangeCommands(member: Operated, text: string): string[] {
  const lines = text.split('\n').filter((line) => line !== '' && !/^(#|sudo )/.test(line))
  return lines.filter((line) => !commandsOf(member).some((command) => isOf(command, line.split(' '))))
}

function isOf(command: readonly string[], words: readonly string[]): boolean {
  return command.length === words.length && command.every((word, at) => word === words[at] || word === '<>')
}
