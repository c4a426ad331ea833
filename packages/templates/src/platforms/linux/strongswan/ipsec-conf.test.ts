import { describe, expect, it } from 'vitest'
import { readDevice } from '../read-device.ts'

const read = (text: string) => readDevice(text).device

function tunnelOf(text: string) {
  const [tunnel] = read(text).tunnels
  if (!tunnel) throw new Error('no tunnel')
  return tunnel
}

function pairsOf(text: string): string[] {
  return tunnelOf(text).children.map(({ local, remote, kind }) => `${local} ${remote} ${kind}`)
}

describe('ipsec.conf', () => {
  const conf = (conn: string) =>
    `config setup\n\tuniqueids=no\n\nconn %default\n\tkeyexchange=ikev2\n\tike=aes256-sha256-modp2048!\n\tesp=aes256-sha256!\n\tauthby=secret\n\tauto=route\n\nconn office\n${conn}\n`
  const ends = '\tleft=192.0.2.1\n\tleftsubnet=10.1.0.0/24,10.3.0.0/24\n\tright=192.0.2.2\n\trightsubnet=10.2.0.0/24\n'

  it('is read as swanctl.conf is', () => {
    const text = conf(`${ends}\trightid=@far # a comment\n\tdpdaction=restart`)
    expect(tunnelOf(text)).toMatchObject({
      ...{ name: 'office', versions: [2], isWhole: true, authentication: 'key', start: 'trap', line: 11 },
      lifetimes: { ike: 10_800, esp: 3600 },
      deadPeer: { action: 'restart', interval: 30 },
      remote: { identity: '@far' },
    })
    expect(pairsOf(text)).toEqual(['10.1.0.0/24 10.2.0.0/24 protect', '10.3.0.0/24 10.2.0.0/24 protect'])
    expect(read(text).unread).toEqual([])
  })

  it('says whether the gateway moves to another address', () => {
    expect(tunnelOf(conf(`${ends}\tmobike=no`)).mobike).toBe(false)
    expect(tunnelOf(conf(`${ends}\tmobike=yes`)).mobike).toBeUndefined()
    expect(tunnelOf(conf(ends)).mobike).toBeUndefined()
  })

  it('is turned when the right side is the gateway’s own', () => {
    const own = '2: eth0: <UP> mtu 1500\n    inet 192.0.2.2/24 scope global eth0\n'
    expect(pairsOf(own + conf(ends))[0]).toBe('10.2.0.0/24 10.1.0.0/24 protect')
  })

  it('loads what says so', () => {
    const text = conf(ends).replace('auto=route', 'auto=ignore')
    expect(read(text).tunnels).toEqual([])
    expect(read(`${text}conn b\n\talso=office\n\tauto=add\n`).tunnels).toMatchObject([{ name: 'b', start: 'respond' }])
  })

  it('joins connections that differ in their child alone, as the daemon does', () => {
    const second = (more: string) => `${conf(ends)}\nconn second\n\talso=office\n${more}\n`
    const warehouse = '\trightsubnet=10.9.0.0/24'
    expect(read(second(warehouse)).tunnels).toMatchObject([
      { name: 'office', children: [{ name: 'office' }, { name: 'office' }, { name: 'second' }, { name: 'second' }] },
    ])
    for (const other of ['rightid=@other', 'ikelifetime=9h', 'right=192.0.2.3', 'type=passthrough']) {
      expect(read(second(`${warehouse}\n\t${other}`)).tunnels.map(({ name }) => name)).toEqual(['office', 'second'])
    }
  })

  it.each([
    ['passes by', 'type=passthrough', 'pass'],
    ['drops', 'type=drop', 'drop'],
    ['protects hosts', 'type=transport', 'protect'],
  ])('%s', (_, setting, kind) => {
    expect(tunnelOf(conf(`${ends}\t${setting}`)).children[0]?.kind).toBe(kind)
  })

  it('adds strongSwan’s own offers without the sign for strict', () => {
    expect(tunnelOf(conf(ends).replace('modp2048!', 'modp2048')).isWhole).toBe(false)
  })

  it.each([
    'leftsubnets={10.1.0.0/24}',
    'vti-interface=vti0',
    'leftupdown=/etc/updown',
    'mark=7',
    'installpolicy=no',
    'left=%defaultroute\n\tleftsubnet=',
    'also=nowhere',
  ])('is doubtful with %s', (setting) => {
    expect(tunnelOf(conf(`${ends}\t${setting}`)).doubt).toBeDefined()
  })

  it.each([
    ['authby=secret', 'key', undefined],
    ['authby=rsasig', 'certificate', undefined],
    ['authby=xauthpsk', 'other', undefined],
    ['leftauth=pubkey', 'certificate', 'key'],
    ['rightauth=eap-mschapv2', 'key', 'other'],
    ['leftauth=eap\n\trightauth=any', 'other', 'unknown'],
    ['leftauth2=xauth', 'other', 'key'],
  ])('proves who it is by %s', (setting, authentication, expects) => {
    const { tunnels, unread } = read(conf(`${ends}\t${setting}`))
    expect([tunnels[0]?.authentication, tunnels[0]?.expects, unread]).toEqual([authentication, expects, []])
  })

  it('has its keys in ipsec.secrets, which nobody shows', () => {
    const secrets =
      '192.0.2.1 192.0.2.2 : PSK "EXAMPLE-ONLY-0123456789abcdef"\n: RSA gatewayKey.pem\nanna : EAP "EXAMPLE-ONLY-fedcba9876543210"\n'
    const { device, keys } = readDevice(conf(ends) + secrets)
    expect(keys.get('office')?.reveal()).toBe('EXAMPLE-ONLY-0123456789abcdef')
    expect(JSON.stringify(device)).not.toContain('EXAMPLE-ONLY')
    expect(device.unread).toEqual([])
  })
})
