/** A gateway that translates both sides itself, as a person writes it, and its peer, which translates nothing. Both have 10.0.1.0/24. */

const groups = `set vpn ipsec esp-group E pfs dh-group14
set vpn ipsec esp-group E proposal 1 encryption aes256
set vpn ipsec esp-group E proposal 1 hash sha256
set vpn ipsec ike-group I key-exchange ikev2
set vpn ipsec ike-group I proposal 1 dh-group 14
set vpn ipsec ike-group I proposal 1 encryption aes256
set vpn ipsec ike-group I proposal 1 hash sha256
`

function peerLines(name: string, here: string, there: string, type: string): string {
  const leaves = [
    'authentication mode pre-shared-secret',
    `authentication local-id ${here}`,
    `authentication remote-id ${there}`,
    `connection-type ${type}`,
    'default-esp-group E',
    'ike-group I',
    `local-address ${here}`,
    `remote-address ${there}`,
  ]
  const key = [`id ${here}`, `id ${there}`, 'secret abcdefghijklmnopqrstuvwxyz']
  return [
    ...key.map((leaf) => `set vpn ipsec authentication psk ${name} ${leaf}`),
    ...leaves.map((leaf) => `set vpn ipsec site-to-site peer ${name} ${leaf}`),
    '',
  ].join('\n')
}

const [own, far] = ['203.0.113.10', '192.0.2.20']

/** VyOS 1.4: a VTI in a VRF, and a pair of virtual Ethernet between the VRF and the rest. */
export const oneSidedVyos = `set firewall ipv4 forward filter default-action accept
set interfaces ethernet eth0 address ${own}/24
set interfaces ethernet eth1 address 10.0.1.1/24
set interfaces ethernet eth1 ip adjust-mss 1360
set interfaces virtual-ethernet veth0 address 169.254.77.0/31
set interfaces virtual-ethernet veth0 peer-name veth1
set interfaces virtual-ethernet veth1 address 169.254.77.1/31
set interfaces virtual-ethernet veth1 peer-name veth0
set interfaces virtual-ethernet veth1 vrf vpn
set interfaces vti vti0 ip adjust-mss 1360
set interfaces vti vti0 vrf vpn
set nat source rule 10 outbound-interface name veth0
set nat source rule 10 source address 10.0.1.0/24
set nat source rule 10 destination address 192.168.1.0/24
set nat source rule 10 translation address 192.168.2.0/24
set nat destination rule 10 inbound-interface name veth0
set nat destination rule 10 source address 192.168.1.0/24
set nat destination rule 10 destination address 192.168.2.0/24
set nat destination rule 10 translation address 10.0.1.0/24
set nat destination rule 20 inbound-interface name veth1
set nat destination rule 20 source address 192.168.2.0/24
set nat destination rule 20 destination address 192.168.1.0/24
set nat destination rule 20 translation address 10.0.1.0/24
set nat source rule 20 outbound-interface name veth1
set nat source rule 20 source address 10.0.1.0/24
set nat source rule 20 destination address 192.168.2.0/24
set nat source rule 20 translation address 192.168.1.0/24
set protocols static route 0.0.0.0/0 next-hop 203.0.113.254
set protocols static route 192.168.1.0/24 next-hop 169.254.77.1
set vrf name vpn table 200
set vrf name vpn protocols static route 10.0.1.0/24 blackhole distance 254
set vrf name vpn protocols static route 10.0.1.0/24 interface vti0
set vrf name vpn protocols static route 192.168.2.0/24 next-hop 169.254.77.0
${groups}${peerLines('B', own, far, 'initiate')}set vpn ipsec options disable-route-autoinstall
set vpn ipsec site-to-site peer B vti bind vti0
set vpn ipsec site-to-site peer B vti esp-group E
set vpn ipsec site-to-site peer B tunnel 1 local prefix 192.168.2.0/24
set vpn ipsec site-to-site peer B tunnel 1 remote prefix 10.0.1.0/24
`

/** A policy-based gateway without any NAT. */
export const plainPeer = `set interfaces ethernet eth0 address ${far}/24
set interfaces ethernet eth1 address 10.0.1.1/24
set protocols static route 0.0.0.0/0 next-hop 192.0.2.254
${groups}${peerLines('A', far, own, 'respond')}set vpn ipsec site-to-site peer A tunnel 1 local prefix 10.0.1.0/24
set vpn ipsec site-to-site peer A tunnel 1 remote prefix 192.168.2.0/24
`

/** The same on Linux: an XFRM interface in a VRF. */
export const oneSidedLinux = `ip link add vpn type vrf table 200
ip link set vpn up
ip rule add pref 32765 table local
ip rule del pref 0
ip rule add pref 2000 l3mdev unreachable
ip link add veth0 type veth peer name veth1
ip link set veth1 master vpn
ip link add ipsec0 type xfrm dev eth0 if_id 43
ip link set ipsec0 master vpn
ip address add ${own}/24 dev eth0
ip address add 10.0.1.1/24 dev eth1
ip address add 169.254.77.0/31 dev veth0
ip address add 169.254.77.1/31 dev veth1
ip link set veth0 up
ip link set veth1 up
ip link set ipsec0 up
ip route add default via 203.0.113.254 dev eth0
ip route add 192.168.1.0/24 via 169.254.77.1 dev veth0
ip route add 10.0.1.0/24 dev ipsec0 vrf vpn
ip route add blackhole 10.0.1.0/24 metric 254 vrf vpn
ip route add 192.168.2.0/24 via 169.254.77.0 dev veth1 vrf vpn
table ip nat {
	chain prerouting {
		type nat hook prerouting priority dstnat; policy accept;
		iifname "veth0" ip saddr 192.168.1.0/24 ip daddr 192.168.2.0/24 dnat ip prefix to 10.0.1.0/24
		iifname "veth1" ip saddr 192.168.2.0/24 ip daddr 192.168.1.0/24 dnat ip prefix to 10.0.1.0/24
	}
	chain postrouting {
		type nat hook postrouting priority srcnat; policy accept;
		oifname "veth0" ip saddr 10.0.1.0/24 ip daddr 192.168.1.0/24 snat ip prefix to 192.168.2.0/24
		oifname "veth1" ip saddr 10.0.1.0/24 ip daddr 192.168.2.0/24 snat ip prefix to 192.168.1.0/24
	}
}
table inet mss {
	chain forward {
		type filter hook forward priority mangle; policy accept;
		tcp flags syn tcp option maxseg size > 1360 tcp option maxseg size set 1360
	}
}
connections {
	B {
		version = 2
		local_addrs = ${own}
		remote_addrs = ${far}
		proposals = aes256-sha256-modp2048
		local {
			auth = psk
			id = ${own}
		}
		remote {
			auth = psk
			id = ${far}
		}
		children {
			B-1 {
				local_ts = 192.168.2.0/24
				remote_ts = 10.0.1.0/24
				if_id_in = 43
				if_id_out = 43
				esp_proposals = aes256-sha256-modp2048
				start_action = start
			}
		}
	}
}
secrets {
	ike-B {
		id-1 = ${own}
		id-2 = ${far}
		secret = "abcdefghijklmnopqrstuvwxyz"
	}
}
charon {
	install_routes = no
}
`
