import { marks } from './marks.ts'

const mark = new RegExp(`\\s(?:group ${marks.group}|proto(?:col)? ${marks.protocol})(?:\\s|$)`)

/** How the script moves the rule for the gateway's own addresses: the kernel's own bears no mark. */
const ownAddresses: ReadonlySet<string> = new Set([
  'ip rule add pref 0 lookup local',
  'ip rule delete lookup local pref 0',
])

/** Numbers of the lines about interfaces, routes and steering rules that bear natplan's marks; counted from 1. */
export function ownLines(text: string): ReadonlySet<number> {
  const lines = text.split('\n')
  const own = new Set<number>()
  const names = new Set<string>()
  let isInside = false
  for (const [index, line] of lines.entries()) {
    const isMarked = mark.test(line)
    isInside = isMarked ? /^\s*\d{1,9}: [^\s:@]{1,64}[:@].*</.test(line) : isInside && /^\s+\S/.test(line)
    if (isMarked) for (const name of namesIn(line)) names.add(name)
    const set = settingOf(line)
    if (isMarked || isInside || ownAddresses.has(line.trim()) || (set !== undefined && names.has(set)))
      own.add(index + 1)
  }
  return own
}

/** `ip link add veth200 group … type veth peer name veth201 group …`, `7: ipsec100@NONE: <…> … group …` */
function namesIn(line: string): string[] {
  const forms = [/^\s*ip link add (\S{1,64})/, /peer name (\S{1,64})/, /^\s*\d{1,9}: ([^\s:@]{1,64})[:@]/]
  return forms.flatMap((form) => form.exec(line)?.[1] ?? [])
}

/** The interface that a command sets something of. */
function settingOf(line: string): string | undefined {
  const forms = [/^\s*ip link set (?:dev )?(\S{1,64})\s/, /^\s*ip address add \S{1,64} dev (\S{1,64})/]
  return forms.map((form) => form.exec(line)?.[1]).find((name) => name !== undefined)
}
