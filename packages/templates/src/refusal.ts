import { type Device, type Platform, wordTable } from '@natplan/core'
import { linuxHint, looksLike } from './looks-like.ts'
import type { ConfigNode } from './vyatta/config-tree.ts'
import { seenConfig } from './vyatta/read-config.ts'

/** Why a text is not taken for a configuration, as the end of a sentence about it, and what to do. */
export interface Refusal {
  readonly why: string
  readonly hint: string
}

/** What only nftables, swanctl.conf, ipsec.conf and iptables-save have. */
const linuxMarks =
  /^(?:[ \t]*(?:table (?:inet|ip|ip6|arp|bridge|netdev) \S+(?: \{)?|(?:connections|secrets|pools|authorities) \{|\*(?:nat|filter|mangle|raw))|conn [^\s{]+|config setup)\r?$/m

/** It is asked several times about one text in a row. */
let lastAsked: { readonly text: string; readonly isLinux: boolean } | undefined

/** Reports whether a text holds configuration of a Linux gateway. */
export function isLinux(text: string): boolean {
  if (lastAsked?.text !== text) lastAsked = { text, isLinux: linuxMarks.test(text) }
  return lastAsked.isLinux
}

const hints = {
  family: 'save "show configuration commands" or config.boot of the gateway as a whole',
  linux: linuxHint,
} as const

/**
 * Why a text cannot be the configuration of a gateway: it is of something else, holds nothing, or begins or ends in the middle. It would
 * look like a gateway without rules. `told` is the platform that somebody says it is of.
 */
export function refusalOf(text: string, told?: Platform): Refusal | undefined {
  if (told === 'linux')
    return isLinux(text) ? undefined : refusal(text, 'linux', isFamily(text) ? familyName : undefined)
  if (told === undefined && isLinux(text)) return undefined
  if (isLinux(text) && !isFamily(text)) return refusal(text, 'family', 'a configuration of Linux')
  const { root, isCut } = seenConfig(text)
  const always = looksLike(text, { isFamily: true })
  if (always !== undefined) return refusal(text, 'family', always)
  if (root.isEmpty || (!hasFamilyTrees(root) && looksLike(text) !== undefined)) return refusal(text, 'family')
  return isCut
    ? { why: 'begins or ends in the middle: a brace is not closed, or not opened', hint: hints.family }
    : undefined
}

const familyName = 'a configuration of the Vyatta family'

function refusal(text: string, kind: keyof typeof hints, name = looksLike(text)): Refusal {
  const hint = hints[kind]
  if (name !== undefined) return { why: `holds no configuration that natplan reads here: it looks like ${name}`, hint }
  const nothing =
    kind === 'linux'
      ? 'no table of nftables, and no connection of swanctl.conf or ipsec.conf'
      : 'no set line and no braces of one'
  return { why: `holds no configuration: ${nothing}`, hint }
}

/**
 * Why a text that was read as a device tells nothing of a gateway: none of its lines says anything that natplan knows, or knows not to
 * know. What comes of it would look like a gateway that does nothing.
 */
export function emptinessOf(text: string, device: Device): Refusal | undefined {
  const { interfaces, routes, steering, lists, tunnels, clamps, usedNumbers, unread } = device
  const said = [interfaces, routes, steering, tunnels, clamps, usedNumbers, unread, ...lists.map(({ rules }) => rules)]
  if (said.some(({ length }) => length > 0) || isLinux(text) || isFamily(text)) return undefined
  return { why: 'says nothing of a gateway: no interface, no route, no NAT and no tunnel', hint: hints.family }
}

function isFamily(text: string): boolean {
  return hasFamilyTrees(seenConfig(text).root)
}

/** What the family has, and others with the same first words have not. */
const familyTrees: Readonly<Record<string, readonly string[]>> = wordTable({
  interfaces: (
    'ethernet bonding bridge loopback dummy vti tunnel openvpn wireguard pppoe vxlan geneve pseudo-ethernet wireless wwan l2tpv3 macsec ' +
    'sstpc virtual-ethernet switch dataplane virtual-feature-point input adsl serial'
  ).split(' '),
  vpn: ['ipsec', 'l2tp', 'pptp', 'openconnect', 'sstp', 'rsa-keys', 'ipsec-settings'],
  nat: ['source', 'destination', 'static', 'cgnat', 'nptv6'],
  service: ['nat', 'gui', 'dhcp-server', 'ubnt-discover', 'unms'],
  security: ['vpn', 'firewall', 'zone-policy', 'ip-packet-filter'],
  protocols: ['static'],
  firewall: [
    'name',
    'ipv6-name',
    'group',
    'ipv4',
    'ipv6',
    'zone',
    'options',
    'global-options',
    'modify',
    'all-ping',
    'state-policy',
  ],
  policy: ['route', 'route6', 'local-route', 'prefix-list', 'route-map'],
  system: ['config-management', 'conntrack', 'offload'],
})

const familyRoots =
  'zone-policy port-forward load-balancing load-balance high-availability nat66 nat64 container pki qos traffic-policy'

function hasFamilyTrees(root: ConfigNode): boolean {
  if (familyRoots.split(' ').some((word) => root.at(word))) return true
  return Object.entries(familyTrees).some(([first, below]) => below.some((word) => root.at(first, word)))
}
