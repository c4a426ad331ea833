import { abilities, type Platform, type WrittenPath } from '@natplan/core'
import { setsPath } from './filters/dataplane/sets.ts'

/** Where a member of the family has its sets: all under one name, or by family with chains of its own. */
export function writtenPathOf(platform: Platform): WrittenPath {
  const { filters } = abilities[platform]
  return (name, family) => {
    if (family === 6 && !filters?.hasGroups6) return undefined
    if (platform === 'vyatta-5600') return [...setsPath, name]
    if (filters?.kind !== 'chains') return ['firewall', family === 4 ? 'name' : 'ipv6-name', name]
    const [chain = '', priority] = name.split(' ')
    const of = ['firewall', family === 4 ? 'ipv4' : 'ipv6']
    return priority === undefined ? [...of, 'name', chain] : [...of, chain, priority]
  }
}
