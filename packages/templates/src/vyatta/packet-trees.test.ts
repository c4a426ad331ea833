import { describe, expect, it } from 'vitest'
import { dialect as edgeos } from '../platforms/edgeos/view.ts'
import { dialect as vyatta5400 } from '../platforms/vyatta-5400/view.ts'
import { dialect as vyatta5600 } from '../platforms/vyatta-5600/view.ts'
import { dialect as vyos13 } from '../platforms/vyos-1.3/view.ts'
import { dialect as vyos14 } from '../platforms/vyos-1.4/view.ts'
import type { VyattaDialect } from './dialect.ts'
import { isTree, type Member } from './member-trees.ts'
import { type PacketTrees, touchedBy } from './packet-trees.ts'
import { readVyattaDevice } from './read-device.ts'

describe('what a line could change', () => {
  it.each<[string, Member, PacketTrees['touches'] | undefined]>([
    ['system host-name x', 'vyos-1.4', 'nothing'],
    ['system ip disable-forwarding', 'vyos-1.4', 'filters'],
    ['service ssh port 22', 'vyos-1.4', 'nothing'],
    ['service upnp2 wan eth0', 'edgeos', 'nat'],
    ['service nat rule 1 type masquerade', 'edgeos', 'read'],
    ['service nat rule 1 type masquerade', 'vyatta-5400', 'read'],
    ['service nat source rule 1 exclude', 'vyatta-5600', 'read'],
    ['service nat source rule 1 exclude', 'vyos-1.4', undefined],
    ['nat source rule 1 exclude', 'vyos-1.3', 'read'],
    ['nat sideways rule 1', 'vyos-1.3', 'nat'],
    ['nat source rule 1 exclude', 'edgeos', undefined],
    ['nat66 source rule 1 exclude', 'vyos-1.3', undefined],
    ['port-forward rule 1', 'vyos-1.4', undefined],
    ['security vpn ipsec x', 'vyatta-5600', 'read'],
    ['security firewall name X', 'vyatta-5600', 'read'],
    ['security vpn ipsec x', 'vyos-1.4', undefined],
    ['security ike gateway x', 'vyos-1.4', undefined],
    ['vpn ipsec interface eth0', 'vyos-1.4', 'read'],
    ['vpn ipsec interface eth0', 'vyatta-5600', undefined],
    ['interfaces ethernet eth0 description x', 'vyos-1.4', 'nothing'],
    ['interfaces ethernet eth0 teleport', 'vyos-1.4', 'anything'],
    ['protocols telepathy', 'vyos-1.4', 'routes'],
    ['firewall shield up', 'vyos-1.3', 'filters'],
    ['load-balance group G', 'vyos-1.4', undefined],
    ['cluster group G', 'vyos-1.3', 'nothing'],
    ['cluster group G', 'vyos-1.4', undefined],
    ['colours red', 'vyos-1.4', undefined],
    ['', 'vyos-1.4', undefined],
  ])('%s on %s: %s', (path, platform, touches) => {
    expect(touchedBy(path.split(' '), platform)).toBe(touches)
  })

  it('is known for first words only', () => {
    expect(isTree('interfaces')).toBe(true)
    expect(isTree('ethernet')).toBe(false)
    expect(isTree('')).toBe(false)
  })
})

describe('a tree of another member of the family', () => {
  it.each<[VyattaDialect, string]>([
    [edgeos, 'nat source rule 1 disable'],
    [edgeos, 'load-balancing wan rule 1 exclude'],
    [vyos13, 'nat66 source rule 1 exclude'],
    [vyos14, 'service nat source rule 1 exclude'],
    [vyos14, 'security vpn ipsec site-to-site peer P disable'],
    [vyos14, 'port-forward rule 1 original-port 80'],
    [vyatta5400, 'vrf name RED table 100'],
    [vyatta5600, 'vpn ipsec site-to-site peer P disable'],
    [vyatta5600, 'firewall name IN default-action drop'],
  ])('could do anything on $platform: %s', (dialect, line) => {
    const { device } = readVyattaDevice(`set system host-name gw\nset ${line}\n`, dialect)
    expect(device.unread).toEqual([{ line: 2, text: `set ${line}`, touches: 'anything', isPlaced: false }])
  })

  it.each<[VyattaDialect, string]>([
    [edgeos, 'service nat rule 1 disable'],
    [vyos13, 'nat source rule 1 disable'],
    [vyos14, 'vrf name RED table 100'],
    [vyatta5400, 'load-balancing wan interface-health eth0 failure-count 1'],
    [vyatta5600, 'security firewall name IN default-action drop'],
  ])('is none where the member has it: $platform %s', (dialect, line) => {
    expect(readVyattaDevice(`set ${line}\n`, dialect).device.unread).toEqual([])
  })
})
