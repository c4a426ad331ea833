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
ip link add ipsec100 group 7233908 type xfrm if_id 101
ip link set ipsec100 mtu 1422
ip link set ipsec100 up
ip route add 192.168.2.0/25 dev ipsec100 proto 117 metric 1
ip route add blackhole 192.168.2.0/25 proto 117 metric 254
