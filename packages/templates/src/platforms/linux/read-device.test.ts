import { describe, expect, it } from 'vitest'
import { measured } from '../../../../../test/support/cost.ts'
import { readDevice } from './read-device.ts'

const read = (text: string) => readDevice(text).device

describe('a text of anything', () => {
  it.each([
    [
      'prompts and comments',
      'root@gw:~# ip address\n[admin@gw ~]$ sudo nft list ruleset\n# a comment\n\n$ cat /etc/swanctl/swanctl.conf\n',
    ],
    [
      'the shell that writes files',
      "#!/bin/sh\nset -eu\nif [ -d /run/systemd/system ]; then\n  systemctl daemon-reload\nfi\ninstall -D -m 0644 /dev/stdin /etc/x.conf <<'EOF'\nnet.ipv4.ip_forward = 1\nEOF\necho 'done; really' && swanctl --load-all >/dev/null 2>&1 || true\n",
    ],
    [
      'units of natplan',
      '[Unit]\nDescription=natplan NAT and guards\n\n[Service]\nExecStart=/usr/sbin/nft -f /etc/natplan/natplan.nft\n\n[Install]\nWantedBy=sysinit.target\n',
    ],
    [
      'settings of the kernel',
      'net.ipv4.ip_forward = 1\nsysctl -w net.ipv4.conf.all.rp_filter=2\nnet.ipv6.conf.all.forwarding=0\n',
    ],
    ['authorities', 'authorities {\n  ca {\n    cacert = ca.pem\n  }\n}\n'],
  ])('holds %s, which touch nothing', (_, text) => {
    expect(read(text)).toMatchObject({ unread: [], lists: [], tunnels: [], routes: [] })
  })

  it.each([
    ['a word of nobody', 'set interfaces ethernet eth0', 'anything'],
    ['a section of nobody', 'interfaces {\n  ethernet {\n  }\n}', 'anything'],
    ['another unit', '[Service]\nExecStart=/usr/local/bin/firewall', 'anything'],
    [
      'traffic control',
      'tc filter add dev eth0 parent 1: protocol ip u32 match ip dst 10.0.0.0/8 action drop',
      'anything',
    ],
    ['a file that is not there', 'include conf.d/*.conf', 'tunnels'],
    ['policies made by hand', 'ip xfrm policy add src 10.1.0.0/24 dst 10.2.0.0/24 dir out', 'tunnels'],
    ['an interface that is taken away', 'ip link set eth1 down', 'routes'],
    ['a kernel that forwards nothing', 'net.ipv4.ip_forward = 0', 'anything'],
    ['a strict filter by source', 'net.ipv4.conf.all.rp_filter = 1', 'filters'],
    ['policies that are not asked', 'net.ipv4.conf.eth0.disable_policy = 1', 'tunnels'],
  ])('names %s', (_, text, touches) => {
    expect(read(text).unread).toMatchObject([{ touches, isPlaced: false }])
  })

  it('has the last of what is written into one file', () => {
    const file = (name: string, path: string) =>
      `cat > ${path} <<'EOF'\nconnections {\n  ${name} {\n    remote_addrs = 192.0.2.2\n  }\n}\nEOF\n`
    const names = (text: string) => read(text).tunnels.map(({ name }) => name)
    expect(names(file('a', '/etc/swanctl/conf.d/x.conf') + file('b', '/etc/swanctl/conf.d/x.conf'))).toEqual(['b'])
    expect(names(file('a', '/etc/swanctl/conf.d/x.conf') + file('b', '/etc/swanctl/conf.d/y.conf'))).toEqual(['a', 'b'])
  })

  it('is cut off in the middle', () => {
    expect(read('connections {\n  gw {\n').unread.map(({ text }) => text)).toEqual(['connections {', 'gw {'])
    expect(read('table ip x {\n  chain c {\n').unread.map(({ text }) => text)).toContain('x {')
  })

  it.each([
    ['in a line of nobody', 'my secret = "EXAMPLE-ONLY-0123456789abcdef"'],
    ['in a section of nobody', 'other {\n  secret = "EXAMPLE-ONLY-0123456789abcdef"\n}'],
    ['in a key that is not closed', 'secrets {\n  ike-x {\n    secret = "EXAMPLE-ONLY-0123456789abcdef\n  }\n}'],
    ['in a key of another name', 'secrets {\n  ike-x {\n    secert = "EXAMPLE-ONLY-0123456789abcdef"\n  }\n}'],
    [
      'in a state of the kernel',
      'ip xfrm state add src 192.0.2.1 dst 192.0.2.2 enc aes 0xEXAMPLE0000ONLY000000000000000000',
    ],
  ])('shows no secret %s', (_, text) => {
    expect(JSON.stringify(readDevice(text))).not.toContain('EXAMPLE')
  })

  it.each([
    ['braces', '{'.repeat(200_000)],
    ['open sections', 'a {\n'.repeat(50_000)],
    ['open quotes', 'connections {\n a = "\n'.repeat(20_000)],
    ['blanks', `connections {${' '.repeat(200_000)}x`],
    ['colons', ':'.repeat(200_000)],
    ['a prompt that never ends', `root@${'a.'.repeat(100_000)}`],
    ['references in a circle', `a : b {\n}\nb : a {\n}\n${connectionsNaming('a')}`],
    ['references that double', doubling()],
    ['routes', '10.0.0.0/8 via 10.0.0.1 dev eth0\n'.repeat(20_000)],
    ['conns', 'conn a\n also=a\n'.repeat(20_000)],
    [
      'selectors',
      `connections {\n g {\n remote_addrs = 192.0.2.2\n children {\n c {\n local_ts = ${'10.0.0.1,'.repeat(2000)}\n remote_ts = ${'10.0.0.1,'.repeat(2000)}\n }\n }\n }\n}\n`,
    ],
  ])('is read at once with very many %s', (_, text) => {
    expect(measured(() => read(text)).cost).toBeLessThan(400)
  })
})

function connectionsNaming(name: string): string {
  return `connections {\n g : ${name} {\n remote_addrs = 192.0.2.2\n }\n}\n`
}

/** Each section holds the one before twice. */
function doubling(): string {
  const sections = Array.from({ length: 30 }, (_, n) => `s${n + 1} {\n a : s${n} {\n }\n b : s${n} {\n }\n}\n`)
  return `s0 {\n x = 1\n}\n${sections.join('')}${connectionsNaming('s30')}`
}
