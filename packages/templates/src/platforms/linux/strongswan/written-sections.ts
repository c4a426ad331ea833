import { type DeviceTunnel, textOf } from '@natplan/core'
import { partsOf, readBlocks } from '../read-blocks.ts'
import { isSecretLine, keysOfLines } from './secrets.ts'

/** A part of strongSwan's files, with the lines where it stands. */
export interface Found {
  /** Without secrets. */
  readonly what: string
  readonly from: number
  readonly to: number
  /** Of ipsec.conf. */
  readonly isConf: boolean
}

/** The sections that make a tunnel: its connection of swanctl.conf, or those of ipsec.conf that are children of it. */
export function sectionsOf(text: string, { name, line, children }: DeviceTunnel): Found[] {
  const blocks = readBlocks(text, (header) => header === 'connections').flatMap((block) => partsOf(block).blocks)
  const own = blocks.find((block) => block.line === line)
  if (own) return [{ what: `connection ${name}`, from: own.line, to: own.end, isConf: false }]
  const named = connsOf(text).filter((conn) => conn.name === name || children.some((child) => child.name === conn.name))
  if (named.length > 0)
    return named.map(({ from, to, ...conn }) => ({ what: `conn ${conn.name}`, from, to, isConf: true }))
  return [{ what: `connection ${name}`, from: line ?? 1, to: line ?? 1, isConf: false }]
}

function connsOf(text: string): { readonly name: string; readonly from: number; readonly to: number }[] {
  const lines = text.split('\n')
  return lines.flatMap((line, index) => {
    const [, name] = /^conn\s+(\S+)/.exec(line) ?? []
    if (name === undefined) return []
    const length = lines.slice(index + 1).findIndex((next) => !/^\s+\S/.test(next))
    return [{ name, from: index + 1, to: length < 0 ? lines.length : index + 1 + length }]
  })
}

/** The pre-shared keys that name the other end of a tunnel. */
export function keysFor(text: string, { remote }: DeviceTunnel): Found[] {
  const names = new Set([remote.identity, textOf(remote.address)].map(plain))
  const sections = readBlocks(text, (header) => header === 'secrets').flatMap((block) => partsOf(block).blocks)
  const blocks = sections
    .filter((section) => !section.header.startsWith('ike-natplan-'))
    .filter((section) =>
      partsOf(section).lines.some((one) => names.has(plain(/^id\S*\s*=\s*(.*)$/.exec(one.text)?.[1]))),
    )
    .map(({ header, line, end }) => ({ what: `its key, ${header}`, from: line, to: end, isConf: false }))
  const lines = text.split('\n').flatMap((one, index) => {
    const [key] = isSecretLine(one) ? keysOfLines([{ line: index + 1, text: one }]) : []
    const isOf = key?.identities.some((identity) => names.has(plain(identity)))
    return isOf ? [{ what: 'its key', from: index + 1, to: index + 1, isConf: false }] : []
  })
  return [...blocks, ...lines]
}

function plain(identity: string | undefined): string {
  return (
    identity
      ?.trim()
      .replace(/^"(.*)"$/, '$1')
      .replace(/^@/, '')
      .toLowerCase() ?? 'none'
  )
}
