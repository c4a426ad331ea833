import type { Unread } from '@natplan/core'
import type { Numbered } from './numbered.ts'
import { unread } from './numbered.ts'

const setting = /^(?:sysctl\s+(?:-\w+\s+)*)?"?((?:net|kernel|vm|fs|dev|user|abi)[./][\w./-]+)"?\s*=\s*"?([^"#]*?)"?\s*$/

/** Reports whether a line sets or shows a kernel setting. */
export function isSysctl(text: string): boolean {
  return text.length < 1000 && (setting.test(text.trim()) || /^sysctl(\s|$)/.test(text.trim()))
}

/** What settings of the kernel do to packets that pass: most of them nothing. */
export function readSysctls(lines: readonly Numbered[]): Unread[] {
  return lines.flatMap((line) => {
    const [, written = '', value = ''] = setting.exec(line.text.trim()) ?? []
    const name = written.replaceAll('/', '.')
    if (/^net\.ipv4\.(ip_forward|conf\.all\.forwarding)$/.test(name) && value === '0') return [unread(line, 'anything')]
    // Strict: what comes in on another interface than its answer would leave by is dropped, and that is not followed.
    if (/^net\.ipv4\.conf\.\S+\.rp_filter$/.test(name) && value === '1') return [unread(line, 'filters')]
    const isPolicy = /\.disable_(policy|xfrm)$/.test(name) && value !== '0'
    return isPolicy ? [unread(line, 'tunnels')] : []
  })
}
