import type { ProxyArpEntry, Unread } from '@natplan/core'
import { touchOfSetting } from '../../kernel-setting.ts'
import { proxyArpInterface } from '../../proxy-setting.ts'
import type { Numbered } from './numbered.ts'
import { unread } from './numbered.ts'

const setting = /^(?:sysctl\s+(?:-\w+\s+)*)?"?((?:net|kernel|vm|fs|dev|user|abi)[./][\w./-]+)"?\s*=\s*"?([^"#]*?)"?\s*$/

/** Reports whether a line sets or shows a kernel setting. */
export function isSysctl(text: string): boolean {
  return text.length < 1000 && (setting.test(text.trim()) || /^sysctl(\s|$)/.test(text.trim()))
}

/** The settings that do something to packets that pass. */
export function readSysctls(lines: readonly Numbered[]): Unread[] {
  return lines.flatMap((line) => {
    const { name, value } = settingIn(line)
    const touches = touchOfSetting(name, value)
    return touches ? [unread(line, touches)] : []
  })
}

/** Interfaces on which the kernel answers ARP for what it routes elsewhere. */
export function proxyingInterfaces(lines: readonly Numbered[]): ProxyArpEntry[] {
  return lines.flatMap((line): ProxyArpEntry[] => {
    const { name, value } = settingIn(line)
    const found = proxyArpInterface(name, value)
    if (found === undefined || found === 'default') return []
    return [{ interface: found === 'all' ? undefined : found, address: undefined, line: line.line }]
  })
}

function settingIn({ text }: Numbered): { readonly name: string; readonly value: string } {
  const [, name = '', value = ''] = setting.exec(text.trim()) ?? []
  return { name: name.replaceAll('/', '.'), value }
}
