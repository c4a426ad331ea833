#!/bin/sh
# natplan: virtual interfaces and routes of left. Written by natplan: change the plan file, not this file.
# They bear the group and the protocol that stand here: whatever has them is taken away first and made anew, unless "remove" is asked for.
set -e
ip link delete group 7233908 2>/dev/null || true
ip route flush table all proto 117 2>/dev/null || true
ip -6 route flush table all proto 117 2>/dev/null || true
ip -d neighbour show proxy | grep -w 'proto 117' | while read -r address _ port _; do
  ip neighbour delete proxy "$address" dev "$port"
done
if ip rule show | grep -q 'lookup local proto 117'; then
  ip rule add pref 0 lookup local
  ip rule flush protocol 117
fi
[ "$1" != remove ] || exit 0
# A VRF has its say before the gateway's own addresses do, which hosts of the peer may have too.
if ip rule show pref 0 | grep -q 'lookup local'; then
  ip rule add pref 1 l3mdev protocol 117
  ip rule add pref 2 lookup local protocol 117
  ip rule delete lookup local pref 0
fi
ip link add natplan100 group 7233908 type vrf table 1100
ip link set natplan100 up
ip route add unreachable default table 1100 proto 117 metric 4278198272
ip link add veth200 group 7233908 type veth peer name veth201
ip link set veth201 group 7233908
ip link set veth200 mtu 1422
ip address add 169.254.64.200/31 dev veth200
ip link set veth200 up
ip link set veth201 mtu 1422
ip link set veth201 master natplan100
ip address add 169.254.64.201/31 dev veth201
ip link set veth201 up
ip link add ipsec100 group 7233908 type xfrm if_id 101
ip link set ipsec100 mtu 1422
ip link set ipsec100 master natplan100
ip link set ipsec100 up
ip route add 192.168.2.0/25 via 169.254.64.201 dev veth200 proto 117 metric 1
ip route add 10.0.1.0/25 dev ipsec100 table 1100 proto 117 metric 1
ip route add blackhole 10.0.1.0/25 table 1100 proto 117 metric 254
ip route add 10.50.0.0/16 via 169.254.64.200 dev veth201 table 1100 proto 117 metric 1
ip route add 192.168.1.0/24 via 169.254.64.200 dev veth201 table 1100 proto 117 metric 1
