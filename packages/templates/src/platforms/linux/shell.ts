/** A prompt in front of a command: `root@gw:~# `, `[admin@gw ~]$ `, `$ `. */
const prompt = /^\s*(?:\[?[\w.-]{1,64}@[\w.-]{1,64}[^\s$#>]{0,200}(?: [^\s$#>]{1,200})?[$#>]|\$)\s*/

/** The command behind a prompt; `undefined` when there is no prompt. */
export function behindPrompt(text: string): string | undefined {
  const [found] = prompt.exec(text) ?? []
  return found === undefined ? undefined : text.slice(found.length)
}

/** The word that ends the text which a command writes: `<<'NATPLAN'`. */
export function heredocEnd(text: string): string | undefined {
  return /<<-?\s*(['"]?)([A-Za-z_]\w*)\1/.exec(text)?.[2]
}

/** The file that such a command writes. */
export function heredocPath(text: string): string | undefined {
  const before = text.replace(/<<.*$/, '')
  return /(?:>|\/dev\/stdin|\btee(?:\s+-a)?)\s*(\/\S+)/.exec(before)?.[1]
}

/** Commands of one line, which `&&`, `||`, `|` and `;` join. */
export function commandsIn(text: string): string[] {
  const commands: string[] = []
  let [current, quote] = ['', '']
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? ''
    if (quote === '' && (character === '"' || character === "'")) quote = character
    else if (character === quote) quote = ''
    if (character === '\\') current += character + (text[++at] ?? '')
    else if (quote === '' && /[;&|]/.test(character) && !isRedirection(text, at)) {
      commands.push(current)
      current = ''
    } else current += character
  }
  return [...commands, current].map((command) => command.trim()).filter((command) => command !== '')
}

/** `2>&1`, `&>` */
function isRedirection(text: string, at: number): boolean {
  return text[at] === '&' && (text[at - 1] === '>' || text[at + 1] === '>')
}

/** Words of the shell, and commands that change nothing of how packets go. */
const harmless = new Set([
  ...'if then else elif fi for do done while case esac exit export local return echo printf true false'.split(' '),
  ...': test [ [[ command type which trap umask cd ls pwd cat tee less more head tail grep awk sed sort wc'.split(' '),
  ...'mkdir rm rmdir mv cp chmod chown install touch ln sleep systemctl service swanctl ipsec strongswan'.split(' '),
  ...'conntrack ping traceroute mtr tcpdump ss netstat id uname hostname hostnamectl date apt apt-get dnf'.split(' '),
  ...'yum zypper pacman modprobe lsmod logger journalctl iptables-save ip6tables-save'.split(' '),
  ...'netfilter-persistent vi vim nano clear history logout sync ! { }'.split(' '),
  ...'curl wget uptime whoami dmesg lsb_release ethtool iperf3 nc dig host'.split(' '),
])

/** The command without what stands in front of it in scripts. */
export function plainCommand(text: string): string {
  return text.replace(/^(?:(?:sudo(?:\s+-\S+)*|then|else|do|!)\s+)+/, '')
}

export function isHarmlessCommand(text: string): boolean {
  const own = text.trim()
  const [first = ''] = own.split(/\s+/, 1)
  if (/^\S*(systemctl|service)\s.*\b(firewalld|ufw|shorewall|iptables)/.test(own))
    return /\s(status|is-\w+|stop)\s/.test(own)
  const isSetting = /^[A-Za-z_]\w*=\S*$/.test(own) || /^set\s+[-+]/.test(own)
  return isSetting || harmless.has(first.replace(/^\S*\//, '').replace(/;$/, '')) || isQuery(own)
}

/** Commands that only show what there is, or load what stands in the text itself. */
function isQuery(text: string): boolean {
  return (
    /^\S*nft\s+(-{1,2}\S+\s+)*(list\b|\S*natplan\S*|-$)/.test(text) ||
    /^\w+=\$\(swanctl --list-sas( --ike [\w-]+)? 2>\/dev\/null\)$/.test(text) ||
    /^\S*ip6?tables-restore(\s+-{1,2}\w+)*$/.test(text) ||
    /^\S*nft\s+(-f|--file)\s+(-|\/dev\/stdin)/.test(text) ||
    /^\S*sh\s+\/etc\/natplan\/natplan-(interfaces|switching|calls)\.sh( \w{1,10})*$/.test(text) ||
    /^\S*ip6?tables(-nft|-legacy)?\s.*(\s|^)(-L|-S|-nvL|-vnL|-nL|--list|-C|--check)\b/.test(text)
  )
}
