import type { Unread } from '@natplan/core'
import { touchOfSetting } from '../../kernel-setting.ts'
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
    const [, written = '', value = ''] = setting.exec(line.text.trim()) ?? []
    const touches = touchOfSetting(written.replaceAll('/', '.'), value)
    return touches ? [unread(line, touches)] : []
  })
}
