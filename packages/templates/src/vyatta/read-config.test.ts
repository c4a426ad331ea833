import { describe, expect, it } from 'vitest'
import { measured } from '../../../../test/support/cost.ts'
import type { ConfigNode } from './config-tree.ts'
import { readConfig } from './read-config.ts'

/** The tree as `set` lines, sorted: what a device would hold. */
function heldBy(node: ConfigNode, path = ''): string[] {
  const below = node.children()
  if (below.length === 0) return path === '' ? [] : [path]
  return below.flatMap(([name, child]) => heldBy(child, `${path} ${name}`.trim())).sort()
}

function read(text: string): { readonly held: string[]; readonly stray: string[] } {
  const { root, stray } = readConfig(text)
  return { held: heldBy(root), stray: stray.map(({ line, text: shown }) => `${line} ${shown}`) }
}

const masquerade = [
  'nat source rule 100 outbound-interface name eth0',
  'nat source rule 100 translation address masquerade',
]

describe('two lines that masquerade', () => {
  it.each<[string, string]>([
    [
      'a device prints them',
      "set nat source rule 100 outbound-interface name 'eth0'\nset nat source rule 100 translation address 'masquerade'",
    ],
    [
      'a session shows them, with its answers',
      "vyos@gw:~$ configure\n[edit]\nvyos@gw# set nat source rule 100 outbound-interface name 'eth0'\n[edit]\nvyos@gw# set nat source rule 100 translation address 'masquerade'\n[edit]\nvyos@gw# commit\n[edit]\nvyos@gw# save\nSaving configuration to '/config/config.boot'...\nDone\n[edit]\nvyos@gw# exit\nexit\nvyos@gw:~$",
    ],
    [
      'EdgeOS and 5600 prompt',
      'admin@ubnt# set nat source rule 100 outbound-interface name eth0\nvyatta@vra(vrf:red)$ set nat source rule 100 translation address masquerade',
    ],
    [
      'a bare sign prompts',
      '$ set nat source rule 100 outbound-interface name eth0\n> set nat source rule 100 translation address masquerade',
    ],
    [
      'a session went there with edit',
      "edit nat source rule 100\nset outbound-interface name 'eth0'\nset translation address 'masquerade'\ntop",
    ],
    [
      'edit is nested, and up leaves a rule with its list',
      'edit nat\nedit source rule 7\nup\nset rule 100 outbound-interface name eth0\nedit rule 100 translation\nset address masquerade\nexit',
    ],
    [
      'the answer of the device tells where it is',
      '[edit nat source rule 100]\nvyos@gw# set outbound-interface name eth0\n[edit nat source rule 100]\nvyos@gw# set translation address masquerade',
    ],
    [
      'a session shows one tree, relative',
      'vyos@gw# edit nat source\n[edit nat source]\nvyos@gw# show\n rule 100 {\n     outbound-interface {\n         name eth0\n     }\n     translation {\n         address masquerade\n     }\n }\n[edit nat source]\nvyos@gw#',
    ],
    [
      'a play of Ansible lists them',
      "---\n- hosts: all\n  tasks:\n    - name: nat\n      vyos.vyos.vyos_config:\n        lines:\n          - set nat source rule 100 outbound-interface name 'eth0'\n          - \"set nat source rule 100 translation address 'masquerade'\"\n        save: true",
    ],
    [
      'a program lists them',
      '[\n  "set nat source rule 100 outbound-interface name \'eth0\'",\n  \'set nat source rule 100 translation address "masquerade"\',\n]',
    ],
    [
      'a task lists them on its line',
      'lines: ["set nat source rule 100 outbound-interface name eth0", \'set nat source rule 100 translation address masquerade\']',
    ],
    [
      'JSON lists them',
      '["set nat source rule 100 outbound-interface name \'eth0\'", "set nat source rule 100 translation address masquerade"]',
    ],
    [
      'a shell runs them',
      'set nat source rule 100 outbound-interface name eth0; set nat source rule 100 translation address masquerade; commit; save',
    ],
    [
      'a script runs them',
      '#!/bin/vbash\nif [ "$(id -g -n)" != \'vyattacfg\' ]; then exec sg vyattacfg -c "/bin/vbash $(readlink -f $0) $@"; fi\nsource /opt/vyatta/etc/functions/script-template\nconfigure\nset nat source rule 100 outbound-interface name eth0\n$run set nat source rule 100 translation address masquerade || problems=1\ncommit\nexit',
    ],
    [
      'people comment them',
      "# source NAT\n// of the office\nset nat source rule 100 outbound-interface name eth0 # the uplink\nset nat source rule 100 translation address 'masquerade'\t#all",
    ],
    [
      'a comparison adds them and takes another away',
      'set nat source rule 7 disable\n+ set nat source rule 100 outbound-interface name eth0\n+set nat source rule 100 translation address masquerade\n- set nat source rule 7',
    ],
    [
      'a later line deletes what was first',
      'set nat source rule 100 outbound-interface name eth0\nset nat source rule 100 translation address masquerade\nset nat source rule 100 exclude\nset nat destination rule 1 exclude\ndelete nat source rule 100 exclude\ndelete nat destination',
    ],
    [
      'a later line deletes the rule, and others give it anew',
      'set nat source rule 100 outbound-interface name eth7\ndelete nat source rule 100\nset nat source rule 100 outbound-interface name eth0\nset nat source rule 100 translation address masquerade',
    ],
    [
      'a terminal colours and turns pages',
      '\ufeffset nat source rule 100\u00a0outbound-interface name eth0\u001b[0m\r\n--More--\r\u001b[K\u001b[1mset nat source rule 100 translation address masquerade\u001b[m\r\n\u001b]0;vyos\u0007',
    ],
    [
      'an old Mac ended the lines',
      'set nat source rule 100 outbound-interface name eth0\rset nat source rule 100 translation address masquerade\r',
    ],
    [
      'config.boot has them, with comments of every kind',
      'nat {\n    /* all of\n       it */\n    source { /* one */\n\trule 100 {\n            outbound-interface {\n                name "eth0"\n            }\n            translation {\n                address masquerade /* to any */\n            }\n        }\n    }\n}\n// vyos-config-version: "nat@8"\n',
    ],
    [
      'braces stand on one line',
      'nat { source { rule 100 { outbound-interface { name eth0 } translation { address masquerade } } } }',
    ],
    [
      'a part of the tree is all there is',
      'source {\n    rule 100 {\n        outbound-interface {\n            name eth0\n        }\n        translation {\n            address masquerade\n        }\n    }\n}',
    ],
    [
      'VyOS prints JSON, behind the command',
      'vyos@gw:~$ show configuration json\n{"nat": {"source": {"rule": {"100": {"outbound-interface": {"name": "eth0"}, "translation": {"address": "masquerade"}}}}}}\nvyos@gw:~$',
    ],
    [
      'the API of VyOS answers',
      '{"success": true, "data": {"nat": {"source": {"rule": {"100": {"outbound-interface": {"name": ["eth0"]}, "translation": {"address": "masquerade"}}}}}}, "error": null}',
    ],
  ])('are read as %s', (_, text) => {
    expect(read(text)).toEqual({ held: masquerade, stray: [] })
  })
})

describe('JSON', () => {
  it('has nodes without a value, lists, numbers, and the lines where they stand', () => {
    const { root, stray } = readConfig(`{
  "nat": { "source": { "rule": { "10": {
    "disable": {},
    "exclude": null,
    "log": "''",
    "source": { "port": 443 }
  } } } },
  "interfaces": { "ethernet": { "eth0": { "address": [
    "10.0.0.1/24",
    "10.0.0.2/24"
  ] } } }
}`)
    expect(stray).toEqual([])
    expect(heldBy(root)).toEqual([
      'interfaces ethernet eth0 address 10.0.0.1/24',
      'interfaces ethernet eth0 address 10.0.0.2/24',
      'nat source rule 10 disable',
      'nat source rule 10 exclude',
      'nat source rule 10 log',
      'nat source rule 10 source port 443',
    ])
    expect(root.at('nat', 'source', 'rule', '10', 'exclude')?.line).toBe(4)
    expect(root.at('interfaces', 'ethernet', 'eth0', 'address', '10.0.0.2/24')?.line).toBe(10)
    expect(root.at('nat')?.unread()).toContainEqual({ line: 6, text: 'set nat source rule 10 source port 443' })
  })

  it('names what is no configuration in it', () => {
    const { held, stray } = read(
      '{"nat": {"source": {"rule": [{"number": 10}]}}, "colour": "blue", "vpn": {"ipsec": {"interface": ["eth0"]}}}',
    )
    expect(held).toEqual(['vpn ipsec interface eth0'])
    expect(stray).toEqual(['1 set nat source rule', '1 set colour blue'])
  })
})

describe('one tree without what it stands in', () => {
  it.each<[string, string, string]>([
    ['ipsec', 'ipsec {\n interface eth0\n}', 'vpn ipsec interface eth0'],
    [
      'ipsec of 5600',
      'ipsec {\n nat-traversal enable\n}\nsecurity { firewall { name X } }',
      'security vpn ipsec nat-traversal enable',
    ],
    ['site-to-site', 'site-to-site {\n peer P {\n  ike-group I\n }\n}', 'vpn ipsec site-to-site peer P ike-group I'],
    ['a peer', 'peer 192.0.2.1 {\n ike-group I\n}', 'vpn ipsec site-to-site peer 192.0.2.1 ike-group I'],
    ['a group', 'ike-group I {\n lifetime 3600\n}', 'vpn ipsec ike-group I lifetime 3600'],
    ['an interface', 'ethernet eth0 {\n address dhcp\n}', 'interfaces ethernet eth0 address dhcp'],
    [
      'static routes',
      'static {\n route 10.0.0.0/8 {\n  blackhole\n }\n}',
      'protocols static route 10.0.0.0/8 blackhole',
    ],
    ['nat of EdgeOS', 'nat {\n rule 5000 {\n  type masquerade\n }\n}', 'service nat rule 5000 type masquerade'],
  ])('is put where it belongs: %s', (_, text, held) => {
    const read = readConfig(text)
    expect(read.stray).toEqual([])
    expect(heldBy(read.root)).toContain(held)
  })

  it.each<[string, string]>([
    ['a rule of source or destination NAT, or of a firewall', 'rule 10 {\n translation {\n  address masquerade\n }\n}'],
    ['a source of nobody knows what', 'source {\n address 10.0.0.0/8\n}'],
    ['a tunnel, which is an interface or a pair of prefixes', 'tunnel 1 {\n local {\n  prefix 10.0.0.0/8\n }\n}'],
  ])('is named where several places take it: %s', (_, text) => {
    const { held, stray } = read(text)
    expect(held).toEqual([])
    expect(stray).toHaveLength(1)
  })
})

describe('what is neither configuration nor known to be something else', () => {
  it.each<[string, string, number]>([
    ['a word that begins no tree', 'set peers 192.0.2.1', 1],
    ['a relative line without edit', 'set ipsec interface eth0', 1],
    ['a tree of that name', 'colours {\n red\n}', 2],
    ['a word that is mistyped behind a prompt', 'vyos@gw# sett nat source rule 1 exclude', 1],
    ['a line without its command', 'nat source rule 1 exclude', 1],
    ['another prompt', 'gw1(config)# set nat source rule 1 exclude', 1],
    [
      'the rest of a line that was wrapped',
      "set vpn ipsec site-to-site peer P tunnel 1 local pref\nix '10.0.0.0/8'",
      2,
    ],
    ['a line that goes on', 'set nat source rule 1 \\', 1],
    ['strings that are not closed', '"set nat source rule 1 exclude', 1],
    ['a command that copies', 'copy nat source rule 1 to rule 2', 1],
    ['changes that are thrown away', 'set nat source rule 1 exclude\nexit discard', 2],
    ['a comment that does not end', 'set nat source rule 1 exclude\n/* set nat source rule 2 exclude', 2],
    ['a brace that is not closed', 'set nat source rule 1 exclude\nnat {\n source {', 2],
    ['a brace that was not open', 'set nat source rule 1 exclude\n}', 2],
    ['too many words', `set nat ${'a '.repeat(64)}`, 1],
    ['a condition', 'if true; then set nat source rule 1 exclude; fi', 1],
  ])('is named: %s', (_, text, line) => {
    expect(readConfig(text).stray.map((one) => one.line)).toEqual([line])
  })

  it.each<[string, string]>([
    ['a commented line', '# set nat source rule 1 exclude'],
    [
      'commands that change nothing',
      'configure\ncommit comment "x"\nsave\nrun show version\nshow configuration commands | no-more\ncompare',
    ],
    [
      'the state of the device',
      'vyos@gw:~$ show vpn ipsec sa\nConnection    State    Uptime\n----------    -----    ------\npeer-x    up    3m\n\nvyos@gw:~$ ',
    ],
    [
      'routes',
      'Codes: K - kernel route, C - connected\n       O - OSPF\n\nC>* 10.0.0.0/8 is directly connected, eth0, 00:00:01',
    ],
    ['a version', 'Version:          VyOS 1.4.0\nRelease train:    sagitta\n'],
    ['a greeting', 'Welcome to VyOS!\nLast login: Sat Nov 28 19:01:15 2026 from 192.0.2.1\n'],
    ['a fence', '```sh\n```'],
  ])('is not: %s', (_, text) => {
    expect(read(text)).toEqual({ held: [], stray: [] })
  })

  it('is not hidden by a state that was shown before', () => {
    const { held, stray } = read('run show version\nVersion: 1\nset nat source rule 1 exclude\nsomething else')
    expect(held).toEqual(['nat source rule 1 exclude'])
    expect(stray).toEqual(['4 something else'])
  })

  it('shows configuration, not state, in a session', () => {
    expect(read('[edit]\nvyos@gw# show nat source rule 1\n exclude\n').stray).toEqual(['3 exclude'])
  })
})

describe('a line that makes a node that is there anyway', () => {
  it.each([
    'set vpn ipsec ike-group I',
    'set nat source',
    'set nat source rule 10',
    'set vpn ipsec site-to-site peer P',
    'set vpn ipsec site-to-site peer P tunnel 1 local',
    'set security vpn ipsec esp-group E proposal 1',
  ])('says nothing: %s', (text) => {
    expect(readConfig(text).root.unread()).toEqual([])
  })

  it.each(['set nat source rule 10 exclude', 'set vpn ipsec site-to-site peer P disable', 'set firewall name WAN'])(
    'is not one that says something: %s',
    (text) => {
      expect(readConfig(text).root.unread()).toHaveLength(1)
    },
  )

  it('says nothing when other lines stand below it', () => {
    const { root } = readConfig('set firewall name WAN\nset firewall name WAN default-action drop')
    expect(root.unread().map(({ line }) => line)).toEqual([2])
  })
})

function numbered(command: string): string {
  return Array.from({ length: 30_000 }, (_, at) => `${command} nat source rule ${at}\n`).join('')
}

describe('a file that is made to take time', () => {
  it.each<[string, string]>([
    ['blank lines', `interfaces {\n${'\n'.repeat(1_000_000)}x\n}`],
    ['comments on a line', `nat { ${'/* */ '.repeat(100_000)} }`],
    ['quotes', `set nat ${'"'.repeat(300_000)}`],
    ['strings in a list', '"set nat", '.repeat(50_000)],
    ['edits', 'edit nat\n'.repeat(100_000)],
    ['brackets', '['.repeat(500_000)],
    ['objects', '{"a":'.repeat(100_000)],
    ['objects that are whole', `{"nat":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_001)}`],
    ['escapes', '\u001b]0;'.repeat(100_000)],
    ['returns', 'x\r'.repeat(300_000)],
    ['prompts', 'vyos@gw:'.repeat(100_000)],
    ['characters in quotes', `set nat a '${'a '.repeat(4_600_000)}'\n`],
    ['characters in a word', `set nat ${'a'.repeat(4_600_000)}\n`],
    ['blocks that are unknown', Array.from({ length: 30_000 }, (_, at) => `zone${at} {\n}\n`).join('')],
    ['lines that are taken away', `${numbered('set')}${numbered('delete')}`],
  ])('is read at once with very many %s', (_, text) => {
    expect(measured(() => readConfig(text)).cost).toBeLessThan(300)
  })
})

describe('braces', () => {
  it.each<[string, string, boolean]>([
    ['several nodes on one line', 'interfaces { ethernet eth0 { address 10.0.0.1/24 disable } }', true],

    [
      'a value in front of a block',
      'interfaces { ethernet eth0 { address 10.0.0.1/24 ip { adjust-mss 1360 } } }',
      true,
    ],
    ['one node on one line', 'interfaces { ethernet eth0 { address 10.0.0.1/24 } }', false],
  ])('are not understood with %s: %#', (_, text, isStray) => {
    expect(readConfig(`${text}\n`).stray).toHaveLength(isStray ? 1 : 0)
  })

  it('have comments, values with braces in quotes, and blocks on one line', () => {
    const { root } = readConfig(`/* a comment
   over two lines */
interfaces {
    ethernet eth0 {
        address 10.0.0.1/24
        address 10.0.0.2/24
        description "the { inside }"
        disable
    }
    loopback lo { }
}
// vyos-config-version: "..."
`)
    expect(root.values('interfaces', 'ethernet', 'eth0', 'address')).toEqual(['10.0.0.1/24', '10.0.0.2/24'])
    expect(root.value('interfaces', 'ethernet', 'eth0', 'description')).toBe('the { inside }')
    expect(root.flag('interfaces', 'ethernet', 'eth0', 'disable')).toBe(true)
    expect(root.at('interfaces', 'loopback', 'lo')?.isEmpty).toBe(true)
  })
})
