import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { measured } from '../../../test/support/cost.ts'
import { looksLike } from './looks-like.ts'
import { platformModules } from './platforms/all.ts'
import { refusalOf } from './refusal.ts'

const junosBraces = `## Last commit: 2026-01-01 00:00:00 UTC by admin
version 21.4R3;
system {
    host-name gw;
}
interfaces {
    ge-0/0/0 {
        unit 0 {
            family inet {
                address 198.51.100.1/24;
            }
        }
    }
}
`

describe('a text of something else', () => {
  it.each<[string, string]>([
    ['a web page', '<!DOCTYPE html>\n<html><body><pre>\nset nat source rule 1 exclude\n</pre></body></html>'],
    ['a web page', '<div class="code">\nset up the router as follows\n</div>'],
    ['a script', "#!/bin/sh\nset -eu\necho 'set nat source rule 1 exclude'\n"],
    ['a script', '#!/usr/bin/env python3\nset nat source rule 1 exclude\n'],
    ['a script in Python', 'import os\nfrom vyos import config\n\ndef main():\n    set = 1\n'],
    ['Cisco IOS', 'hostname branch\ncrypto map OUT 20 ipsec-isakmp\n set peer 203.0.113.1\n set transform-set T1\n'],
    ['Cisco IOS', '!\nversion 15.7\ninterface GigabitEthernet0/0\n ip address 198.51.100.1 255.255.255.0\n!\n'],
    ['Cisco ASA', 'ASA Version 9.16\n!\ninterface GigabitEthernet0/0\n nameif outside\n security-level 0\n'],
    ['JunOS', 'set version 21.4R3\nset interfaces ge-0/0/0 unit 0 family inet address 198.51.100.1/24\n'],
    [
      'JunOS',
      'set system host-name gw\nset security nat source rule-set OUT rule 1 then source-nat interface\nset routing-options static route 0.0.0.0/0 next-hop 192.0.2.1\n',
    ],
    ['JunOS', junosBraces],
    ...(
      [
        'set system host-name b\nset version 21.4R3\n',
        'set interfaces ge-0/0/0 unit 0 family inet address 198.51.100.1/24\n',
        'set interfaces xe-0/0/1 mtu 9000\n',
        'set interfaces st0 unit 0 family inet\n',
        'set security ike gateway G address 203.0.113.1\n',
        'set security ipsec vpn V bind-interface st0.0\n',
        'set security nat static rule-set S rule R then static-nat prefix 10.0.1.0/24\n',
        'set security zones security-zone trust interfaces ge-0/0/1.0\n',
        'set groups node0 security policies from-zone trust to-zone untrust policy P then permit\n',
        'set firewall family inet filter F term T then accept\n',
        'set policy-options prefix-list P 10.0.0.0/8\n',
        'root@srx# show | display set\nset system host-name b\n',
        'root@srx# set security flow tcp-mss all-tcp mss 1350\n',
        'system {\n    host-name b;\n}\nsecurity {\n    ike {\n        gateway G {\n        }\n    }\n}\n',
        'security {\n    ipsec {\n        vpn V {\n            bind-interface st0.0;\n        }\n    }\n}\n',
      ] as const
    ).map((text): [string, string] => ['JunOS', text]),
    [
      'JunOS',
      'set system login user admin class super-user\nset routing-options router-id 192.0.2.1\nset version 21.4R3\n',
    ],
    [
      'FortiOS',
      '#config-version=FGT60F-7.2.5\nconfig system interface\n    edit "wan1"\n        set ip 198.51.100.1 255.255.255.0\n    next\nend\n',
    ],
    ['FortiOS', 'config vpn ipsec phase1-interface\n edit "x"\n  set interface "wan1"\n next\nend\n'],
    [
      'PAN-OS',
      'set deviceconfig system hostname gw\nset network interface ethernet ethernet1/1 layer3 ip 198.51.100.1/24\n',
    ],
    [
      'PAN-OS',
      'set service tcp-1 protocol tcp port 1\nset rulebase nat rules out source-translation dynamic-ip-and-port\n',
    ],
    ['PAN-OS', '<config version="10.1.0" urldb="paloaltonetworks">\n<devices/>\n</config>'],
    ['RouterOS', '# 2026-01-01 00:00:00 by RouterOS 7.11\n/interface bridge\nadd name=lan\n'],
    [
      'RouterOS',
      '/ip address\nadd address=198.51.100.1/24 interface=ether1\n/interface ethernet\nset [ find default-name=ether1 ] name=wan\n',
    ],
    ['pfSense', '<?xml version="1.0"?>\n<pfsense>\n<version>22</version>\n</pfsense>'],
    ['XML', '<?xml version="1.0"?>\n<router><nat/></router>'],
    ['JSON', '{"name": "gw", "rules": []}'],
    ['JSON', '{"nat": {"source": '],
    ['a plan of natplan', 'version: 1\nsites:\n  a:\n    subnets: [10.0.0.0/8]\n'],
    ['YAML', '---\ngateway:\n  - name: a\n  - set: b\n'],
    ['Linux', 'config setup\nconn office\n    left=203.0.113.1\n'],
    ['Linux', 'table inet filter {\n}\n'],
  ])('is refused as %s', (name, text) => {
    const refusal = refusalOf(text, 'vyos-1.4')
    expect(refusal?.why).toContain(name)
    if (name !== 'Linux') expect(refusalOf(text)?.why).toContain(name)
  })

  it.each<[string, string]>([
    ['nothing', ''],
    ['prose', 'To open the port,\n  set up the router as follows and\n  connect again.\n'],
    ['words', 'hello world\n'],
    ['routes alone', 'Codes: K - kernel route\n\nS>* 0.0.0.0/0 [1/0] via 192.0.2.1, eth0\n'],
    ['what removes', 'delete nat source rule 10\n'],
  ])('is refused as no configuration: %s', (_, text) => {
    for (const told of [undefined, 'vyos-1.4', 'edgeos', 'linux'] as const) {
      expect(refusalOf(text, told)?.why).toContain('holds no configuration')
    }
  })

  it.each<[string, string]>([
    ['ends in the middle', 'nat {\n    source {\n'],
    ['begins in the middle', '    }\n}\nnat {\n}\n'],
  ])('is refused when it %s', (_, text) => {
    expect(refusalOf(text)?.why).toContain('in the middle')
  })

  it('names what to save on the platform that it is said to be of', () => {
    for (const text of ['hello', 'set nat source rule 1 exclude\n']) {
      expect(refusalOf(text, 'linux')?.hint).toContain('swanctl.conf')
      expect(refusalOf(text, 'linux')?.hint).not.toContain('config.boot')
    }
    expect(refusalOf('hello', 'edgeos')?.hint).toContain('config.boot')
  })
})

/** Texts that are configurations, however much of theirs looks like something else. */
describe('a configuration is never refused', () => {
  it.each<[string, string]>([
    ['a line', 'set system host-name x\n'],
    ['an empty tree', 'interfaces {\n    loopback lo {\n    }\n}\n'],
    [
      'descriptions that speak of others',
      "set interfaces ethernet eth0 description 'hostname x'\nset firewall name X rule 1 description '<html>'\nset firewall name X rule 2 description 'interface GigabitEthernet0/0'\n",
    ],
    [
      '5600, with a tree of security',
      'set security vpn ipsec nat-traversal enable\nset security firewall name X\nset system host-name x\n',
    ],
    ['5600, its firewall alone', 'set security firewall name X rule 1 action accept\nset version 2\n'],
    [
      'what a description says of others',
      "set interfaces ethernet eth0 description 'set security ike gateway'\nset interfaces ethernet eth1 description 'to ge-0/0/0'\n",
    ],
    ['the tree of IPsec alone, in braces', 'ipsec {\n    ike-group I {\n        lifetime 3600\n    }\n}\n'],
    ['a prompt', 'vyos@gw# set interfaces ethernet eth0 address 198.51.100.1/24\n'],
    [
      'lines of a play',
      '---\n- hosts: all\n  tasks:\n    - vyos.vyos.vyos_config:\n        lines:\n          - set nat source rule 1 exclude\n',
    ],
    [
      'a script for the device',
      '#!/bin/vbash\nsource /opt/vyatta/etc/functions/script-template\nset nat source rule 1 exclude\n',
    ],
    ['a sample of a cloud', '! Amazon Web Services\n! -----\n#1: IKE\nset vpn ipsec ike-group AWS lifetime 28800\n'],
    [
      'with rules of the kernel behind it',
      'set nat source rule 1 exclude\n*nat\n-A POSTROUTING -j MASQUERADE\nCOMMIT\n',
    ],
    ['JSON', '{"interfaces": {"loopback": {"lo": {}}}}'],
    [
      'a banner with a page',
      'system {\n    login {\n        banner {\n            pre-login "<html>\\n"\n        }\n    }\n}\ninterfaces {\n    ethernet eth0 {\n    }\n}\n',
    ],
  ])('%s', (_, text) => {
    expect([refusalOf(text), refusalOf(text, 'vyos-1.4')]).toEqual([undefined, undefined])
  })

  it('of strongSwan, in either form', () => {
    for (const text of ['conn office\n    left=203.0.113.1\n', 'connections {\n  office {\n  }\n}\n']) {
      expect([refusalOf(text), refusalOf(text, 'linux')]).toEqual([undefined, undefined])
    }
  })

  const folder = new URL('../../../test/platforms/dumps/', import.meta.url)
  it.each(readdirSync(folder))('%s that somebody wrote', (name) => {
    const text = readFileSync(new URL(name, folder), 'utf8')
    const platform = platformModules.find((one) => name.startsWith(one.platform))?.platform
    expect([refusalOf(text), refusalOf(text, platform)]).toEqual([undefined, undefined])
    expect(name === 'linux.txt' ? undefined : looksLike(text, { isFamily: true })).toBeUndefined()
  })
})

describe('looking at a text', () => {
  it.each<[string, string]>([
    ['blank lines', '\n'.repeat(1_000_000)],
    ['blanks', ' '.repeat(1_000_000)],
    ['words', 'set '.repeat(250_000)],
    ['slashes', '/ip '.repeat(250_000)],
    ['tags', '<a'.repeat(500_000)],
    ['lines of nothing', ' \t\n'.repeat(300_000)],
    ['colons', 'a:\n'.repeat(300_000)],
  ])('takes no time with very many %s', (_, text) => {
    expect(measured(() => refusalOf(text)).cost).toBeLessThan(300)
  })
})
