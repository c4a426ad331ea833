/** Where the tables of iptables are asked (linux/netfilter_ipv4.h). */
const priorities: Readonly<Record<string, number>> = { raw: -300, mangle: -150, filter: 0 }

interface Chain {
  readonly table: string
  readonly name: string
  readonly policy: string
  readonly rules: string[]
}

/** What rules of iptables mean, as chains of nft, by what their manual says of each word (iptables-extensions(8)). */
export function nftOfIptables(text: string): string {
  const chains: Chain[] = []
  let table = ''
  for (const line of text.split('\n')) {
    if (line.startsWith('*')) table = line.slice(1)
    const [, name = '', policy = ''] = /^:(\S+) (\S+)/.exec(line) ?? []
    if (name !== '') chains.push({ table, name, policy, rules: [] })
    const [option, chain, ...words] = wordsOf(line)
    if (option !== '-A') continue
    const found = chains.find((one) => one.table === table && one.name === chain)
    if (!found) throw new Error(`there is no chain ${chain}`)
    found.rules.push(ruleOf(words, table))
  }
  // Chains that are called stand first, with a declaration of all before that, so that any can call any.
  const declared = chains.map((chain) => `\tchain ${nameOf(chain)} {\n${headOf(chain)}\t}\n`)
  const filled = chains.map((chain) => `\tchain ${nameOf(chain)} {\n${chain.rules.map(lineOf).join('')}\t}\n`)
  return [...declared, ...filled].join('')
}

function nameOf({ table, name }: Pick<Chain, 'table' | 'name'>): string {
  return `${table}-${name}`
}

function headOf({ table, name, policy }: Chain): string {
  if (policy === '-') return ''
  const head = `type filter hook ${name.toLowerCase()} priority ${priorities[table]}; policy ${policy.toLowerCase()};`
  return lineOf(head)
}

function lineOf(rule: string): string {
  return `\t\t${rule}\n`
}

function wordsOf(line: string): string[] {
  return [...line.matchAll(/"[^"]*"|\S+/g)].map(([word]) => word)
}

/** A rule inserted at the begin of a chain, as `iptables -t TABLE -I CHAIN 1 …` does. */
export function withInserted(text: string, command: string): string {
  const [, table, chain, rule] = /^iptables -t (\S+) -I (\S+) 1 (.*)$/.exec(command) ?? []
  const tables = text.split(/^(?=\*)/m)
  const inserted = tables.map((one) => {
    if (!one.startsWith(`*${table}\n`)) return one
    const lines = one.split('\n')
    const at = lines.findIndex((line) => line.startsWith('-A ') || line === 'COMMIT')
    return [...lines.slice(0, at), `-A ${chain} ${rule}`, ...lines.slice(at)].join('\n')
  })
  if (inserted.join('') === text) throw new Error(`iptables would not take ${command}`)
  return inserted.join('')
}

/** The words of a rule: what it asks, then its target. */
function ruleOf(words: readonly string[], table: string): string {
  const left = [...words]
  const asked: string[] = []
  let direction = 'in'
  let verdict = ''
  while (left.length > 0) {
    let word = left.shift() ?? ''
    const isNegated = word === '!'
    if (isNegated) word = left.shift() ?? ''
    const value = left.shift() ?? ''
    if (['-m', '--comment', '--reject-with'].includes(word)) continue
    if (word === '--dir') direction = value
    else if (word === '-j') verdict = targetOf(value, table)
    else if (word === '-g') verdict = `goto ${nameOf({ table, name: value })}`
    else asked.push(conditionOf(word, value, { not: isNegated ? '!= ' : '', direction }))
  }
  return [...asked, verdict].join(' ')
}

function targetOf(word: string, table: string): string {
  const isKnown = ['ACCEPT', 'DROP', 'REJECT', 'RETURN'].includes(word)
  return isKnown ? word.toLowerCase() : `jump ${nameOf({ table, name: word })}`
}

interface Asking {
  readonly not: string
  readonly direction: string
}

function conditionOf(word: string, value: string, { not, direction }: Asking): string {
  switch (word) {
    case '-s':
    case '--src-range':
      return `ip saddr ${not}${value}`
    case '-d':
    case '--dst-range':
      return `ip daddr ${not}${value}`
    case '-i':
      return `iifname ${not}"${value.replace('+', '*')}"`
    case '-o':
      return `oifname ${not}"${value.replace('+', '*')}"`
    case '-p':
      return `meta l4proto ${not}${value}`
    case '--dport':
      return `th dport ${not}${value.replace(':', '-')}`
    case '--dports':
      return `th dport ${not}{ ${value.replaceAll(':', '-')} }`
    case '--sports':
      return `th sport ${not}{ ${value.replaceAll(':', '-')} }`
    case '--icmp-type':
      return `icmp type ${not}${value}`
    case '--ctstate':
    case '--state':
      return stateOf(value.toLowerCase(), not)
    case '--pol':
      return `${direction === 'in' ? 'meta ipsec' : 'rt ipsec'} ${value === 'ipsec' ? 'exists' : 'missing'}`
    default:
      throw new Error(`no meaning is known of ${word} ${value}`)
  }
}

function stateOf(value: string, not: string): string {
  if (value === 'dnat') return not === '' ? 'ct status dnat' : 'ct status & dnat == 0'
  return `ct state ${not === '' ? value : `!= { ${value} }`}`
}
