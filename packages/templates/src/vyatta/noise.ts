/** What stands beside configuration where it is copied from, and says nothing about the device: each form by itself. */
const noise: readonly RegExp[] = [
  // Greetings and goodbyes of a terminal.
  /^(?:Welcome to |Linux \S+ \d|Last login: |Connection to \S+ closed|Script (?:started|done)|ssh \S+$|login: |Password: ?$)/,
  /^(?:Debian GNU\/Linux|VyOS is a free software|You can change this banner|Check out project news|The programs included with)/,
  /^(?:\w+@\S+'s password: ?|Pre-login banner|By logging in, accessing,|Ubiquiti)/,
  // Pagers.
  /^(?:\(END\)|--More--|:|~|lines \d+-\d+(?:\/\d+.*)?)$/,
  // What commands answer when all is well.
  /^(?:Saving configuration to .*|Done|\[ ?OK ?\]|\[edit\]|No changes between .*|Warning: you have uncommitted changes.*)$/,
  // Rulers, fences and brackets of a page or a list.
  /^(?:[-=_~*\u2500\u2550]{3,}|`{3}\w*|~{3}\w*|\[|\],?|\.{3})$/,
  // Tasks of Ansible around the lines.
  /^(?:- )?(?:name|hosts|gather_facts|connection|become|register|notify|tags|match|save|comment|no_log):(?: .*)?$/,
  /^(?:- )?(?:tasks|lines|commands):$/,
  /^(?:- )?(?:[a-z]+\.[a-z]+\.)?(?:vyos|edgeos)_(?:config|command):$/,
  // Comments of samples that clouds hand out.
  /^!(?: |$)/,
  // The frame of a script for the device.
  /^(?:source|\.) \S*\/script-template$/,
  /^if \[ "?\$\(id -g -n\)/,
]

/** Heads of the tables that commands about the state of a device print. */
const heads: readonly RegExp[] = [
  /^Codes: /,
  /^Interface\s+IP Address\s/,
  /^(?:Connection|Peer ID ?\/ ?IP|Description|Tunnel|Rule|Protocol|Address|Neighbor|Destination)\s{2,}[A-Z]/,
  /^(?:Version|Release [Tt]rain|Release flavor|Built by|Built on|Build UUID|HW model|HW S\/N|Copyright|Uptime):\s/,
]

/** Reports whether a line says nothing about the device, in a form that is known. */
export function isNoise(text: string): boolean {
  return noise.some((form) => form.test(text))
}

/** Reports whether a line is the head of a table of a device's state. */
export function isHead(text: string): boolean {
  return heads.some((form) => form.test(text))
}

/** What commands show of a device's state where the first word is no tree of its configuration. */
const states = new Set(
  'version arp ip ipv6 dhcp log logging ntp hardware uptime users conntrack bgp ospf history date host'.split(' '),
)

/**
 * Reports whether a command prints the state of a device. In a session of configuration (`#`), `show vpn` shows configuration; behind
 * the other prompts it shows the state.
 */
export function printsState(words: readonly string[], prompt: string | undefined): boolean {
  const [command, word = ''] = words
  if (command === 'run') return words[1] !== 'show' || !/^configuration/.test(words[2] ?? '')
  if (command !== 'show' || /^configuration/.test(word)) return false
  return states.has(word) || ((prompt === '$' || prompt === '>') && word !== '')
}
