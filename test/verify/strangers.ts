/** Gateways as people write them, without natplan: both have 10.0.1.0/24 behind them, and a virtual tunnel interface between them. */

const groups = `set vpn ipsec esp-group ESP pfs dh-group14
set vpn ipsec esp-group ESP proposal 1 encryption aes256
set vpn ipsec esp-group ESP proposal 1 hash sha256
set vpn ipsec ike-group IKE proposal 1 dh-group 14
set vpn ipsec ike-group IKE proposal 1 encryption aes256
set vpn ipsec ike-group IKE proposal 1 hash sha256
set vpn ipsec ike-group IKE key-exchange ikev2
`

export interface End {
  readonly own: string
  readonly far: string
  /** What the peer calls this one, and what this one calls the peer. */
  readonly visible: string
  readonly peer: string
  readonly router: string
}

export const oneEnd: End = {
  own: '203.0.113.10',
  far: '192.0.2.20',
  visible: '192.168.1.0/24',
  peer: '192.168.2.0/24',
  router: '203.0.113.1',
}

export const otherEnd: End = {
  own: '192.0.2.20',
  far: '203.0.113.10',
  visible: '192.168.2.0/24',
  peer: '192.168.1.0/24',
  router: '192.0.2.1',
}

export function strangersVyos({ own, far, visible, peer, router }: End): string {
  const at = 'set vpn ipsec site-to-site peer PEER'
  return `set interfaces ethernet eth0 address ${own}/24
set interfaces ethernet eth1 address 10.0.1.1/24
set interfaces ethernet eth1 ip adjust-mss 1360
set interfaces vti vti0 ip adjust-mss 1360
set nat source rule 10 outbound-interface name vti0
set nat source rule 10 source address 10.0.1.0/24
set nat source rule 10 destination address ${peer}
set nat source rule 10 translation address ${visible}
set nat destination rule 10 inbound-interface name vti0
set nat destination rule 10 source address ${peer}
set nat destination rule 10 destination address ${visible}
set nat destination rule 10 translation address 10.0.1.0/24
set nat source rule 100 outbound-interface name eth0
set nat source rule 100 translation address masquerade
set protocols static route 0.0.0.0/0 next-hop ${router}
set protocols static route ${peer} interface vti0
set protocols static route ${peer} blackhole distance 254
${groups}set vpn ipsec authentication psk PEER id ${own}
set vpn ipsec authentication psk PEER id ${far}
set vpn ipsec authentication psk PEER secret abcdefghijklmnopqrstuvwxyz
set vpn ipsec interface eth0
set vpn ipsec options disable-route-autoinstall
${at} authentication mode pre-shared-secret
${at} authentication local-id ${own}
${at} authentication remote-id ${far}
${at} connection-type initiate
${at} ike-group IKE
${at} local-address ${own}
${at} remote-address ${far}
${at} vti bind vti0
${at} vti esp-group ESP
`
}
