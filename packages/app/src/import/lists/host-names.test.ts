import { describe, expect, it } from 'vitest'
import { readNetworkText } from '../../plan/read-plan.ts'
import { importPlan } from '../import-plan.ts'
import type { Imported } from '../imported.ts'
import { planText } from '../plan-text.ts'

function imported(texts: Readonly<Record<string, string>>): Promise<Imported> {
  const given = Object.entries(texts).map(([name, text]) => {
    const [site, file] = name.includes('=') ? name.split('=') : [undefined, name]
    const bytes = new TextEncoder().encode(text)
    async function* chunks() {
      yield bytes
    }
    return { site, platform: undefined, text: { name: file ?? '', head: bytes, isCut: false, chunks: chunks() } }
  })
  return importPlan(given, { as: undefined, columns: new Map() })
}

function leftOutOf({ leftOut }: Imported): string[] {
  return leftOut.map(({ what, count, file, line }) => `${count} ${what} ${file}:${line}`)
}

const loopback = 'names of loopback and special-purpose addresses, which no site owns'

describe('names of hosts', () => {
  it('of /etc/hosts stand at the site that is said', async () => {
    const result = await imported({
      'a=hosts':
        '# local\n127.0.0.1\tlocalhost\n10.0.0.5\tprinter.example.net Printer # upstairs\n10.0.0.6 www\n10.0.0.7 www.\nfe80::1%eth0 ip6\n0.0.0.0 ads.example\n10.0.0.8 my_host\n10.0.0.9\n',
    })
    expect(result.network.sites).toEqual({
      a: {
        subnets: [],
        hosts: { 'printer.example.net': '10.0.0.5', printer: '10.0.0.5', www: ['10.0.0.6', '10.0.0.7'] },
      },
    })
    expect(leftOutOf(result)).toEqual([
      '1 names that DNS cannot have hosts:8',
      '1 lines that are not an address with names hosts:9',
      `3 ${loopback} hosts:2`,
    ])
  })

  it('leave out odd lines of a file that has mostly addresses with names', async () => {
    const hosts = '10.0.0.5 one\n10.0.0.6\n10.0.0.22,foo\n10.0.0.7 two\n10.0.0.8 three\n10.0.0.9 four\n'
    const result = await imported({ 'a=hosts': hosts })
    expect(result.network.sites['a']?.hosts).toEqual({
      one: '10.0.0.5',
      two: '10.0.0.7',
      three: '10.0.0.8',
      four: '10.0.0.9',
    })
    expect(leftOutOf(result)).toEqual(['2 lines that are not an address with names hosts:2'])
  })

  it('are none where lines hold networks, or most hold no names', async () => {
    const list = await imported({ 'a=list': '10.0.0.5 one\n10.0.0.6 two\n10.0.1.0/24 lan\n10.0.0.7 three\n' })
    expect(list.network.sites['a']?.hosts).toBeUndefined()
    expect(list.network.sites['a']?.subnets).toContain('10.0.1.0/24')
    const addresses = await imported({ 'a=list': '10.0.0.5\n10.0.0.6\n10.0.0.7 three\n10.0.0.8\n' })
    expect(addresses.network.sites['a']?.hosts).toBeUndefined()
  })

  it('stand at the only site that has the address, else nowhere', async () => {
    const result = await imported({
      'a=a.txt': '10.0.1.0/24\n10.0.2.0/24\n',
      'b=b.txt': '10.0.2.0/24\n10.0.3.0/24\n',
      hosts: '10.0.1.5 one\n10.0.2.5 both\n10.0.3.5 three\n10.0.4.5 none\n',
    })
    expect(result.network.sites['a']?.hosts).toEqual({ one: '10.0.1.5' })
    expect(result.network.sites['b']?.hosts).toEqual({ three: '10.0.3.5' })
    expect(leftOutOf(result)).toEqual([
      '1 names of hosts with an address that several sites have: SITE=FILE says whose they are hosts:2',
      '1 names of hosts that are in no network of a site that is imported: SITE=FILE says whose they are hosts:4',
    ])
  })

  it('that are not at the site whose file names them are told of', async () => {
    const result = await imported({ 'a=a.txt': '10.0.1.0/24\n', 'a=hosts': '10.0.1.5 one\n192.168.1.5 peer\n' })
    expect(result.network.sites).toEqual({ a: { subnets: ['10.0.1.0/24'], hosts: { one: '10.0.1.5' } } })
    expect(leftOutOf(result)).toEqual(['1 names of hosts that are in no network of a hosts:2'])
  })

  it('of a zone are whole, with relative names, continued owners, several lines and times', async () => {
    const result = await imported({
      'a=zone': `$TTL 1h
example.net. IN SOA ns.example.net. admin.example.net. ( 1 ; serial
  2h 3 4
  5 )
@ IN NS ns
  IN A 10.0.0.1
db 300 IN A 10.0.0.5
   IN 5m AAAA fe80::5 ; of the link
   IN A ( 10.0.0.6
   )
WWW A 10.0.0.7
other.example.org. A 10.0.0.8
alias IN CNAME db
text TXT "a ; ( b" A 10.9.9.9
*.apps A 10.0.0.9
$ORIGIN sub.example.net.
db A 10.0.0.10
$ORIGIN deep
db A 10.0.0.11
$INCLUDE more.zone
bad A 10.0.0.300
`,
    })
    expect(result.network.sites['a']?.hosts).toEqual({
      'example.net': '10.0.0.1',
      'db.example.net': ['10.0.0.5', '10.0.0.6'],
      'www.example.net': '10.0.0.7',
      'other.example.org': '10.0.0.8',
      'db.sub.example.net': '10.0.0.10',
      'db.deep.sub.example.net': '10.0.0.11',
    })
    expect(leftOutOf(result)).toEqual([
      '1 SOA records zone:2',
      '1 NS records zone:5',
      '1 CNAME records zone:13',
      '1 TXT records zone:14',
      '1 wildcards, which name no host zone:15',
      '1 $INCLUDE directives, which are not followed zone:20',
      '1 A records zone:21',
      `1 ${loopback} zone:8`,
    ])
  })

  it('of a zone that does not say its name stay as they are', async () => {
    const result = await imported({ 'a=zone': '$TTL 300\ndb A 10.0.0.5\n@ A 10.0.0.6\n' })
    expect(result.network.sites['a']?.hosts).toEqual({ db: '10.0.0.5' })
    expect(leftOutOf(result)).toEqual(['1 names of a zone that does not say its own: $ORIGIN is missing zone:3'])
  })

  it('are not taken from PTR records', async () => {
    const zone = '$ORIGIN 0.0.10.in-addr.arpa.\n5 PTR db.example.net.\nwww.example.net. A 10.0.0.7\n'
    const result = await imported({ 'a=zone': zone })
    expect(result.network.sites['a']?.hosts).toEqual({ 'www.example.net': '10.0.0.7' })
    expect(leftOutOf(result)).toEqual(['1 PTR records zone:2'])
  })

  it('are those that NetBox has for addresses', async () => {
    const results = [
      { id: 1, address: '10.0.1.20/24', dns_name: 'db.example.net', status: { value: 'active' } },
      { id: 2, address: '10.0.1.21/24', dns_name: '' },
    ]
    const text = JSON.stringify({ count: 2, results }, null, 1)
    const result = await imported({ 'ips.json': text, 'a=a.txt': '10.0.1.0/24\n' })
    expect(result.network.sites['a']?.hosts).toEqual({ 'db.example.net': '10.0.1.20' })
    expect(leftOutOf(result)).toEqual(['1 addresses without a DNS name ips.json:14'])
    expect(result.reasons.at(-1)).toMatchObject({ path: ['sites', 'a', 'hosts', 'db.example.net'], line: 6 })
  })

  it('are those of the nodes of a cluster', async () => {
    const node = (name: string, ...addresses: string[]) => ({
      kind: 'Node',
      metadata: { name },
      status: { addresses: addresses.map((address) => ({ type: 'InternalIP', address })) },
    })
    const items = [node('w-1', '10.0.1.5', '2001:db8::5'), node('w-2', '10.0.1.6')]
    const result = await imported({
      'cloud=nodes.json': JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
      'cloud=w-1.txt': 'default via 10.0.1.1 dev eth0\n10.0.1.0/24 dev eth0 proto kernel scope link src 10.0.1.5\n',
    })
    expect(result.network.sites['cloud']?.hosts).toEqual({ 'w-1': '10.0.1.5', 'w-2': '10.0.1.6' })
    expect(leftOutOf(result)).toEqual(['1 names of hosts that are in no network of cloud nodes.json:1'])
  })

  it('make a plan file that is read without a finding', async () => {
    const result = await imported({ 'a=a.txt': '10.0.1.0/24\n', hosts: '10.0.1.5 db\n10.0.1.6 www\n10.0.1.7 www\n' })
    const plan = planText(result, { explains: true })
    expect(plan).toContain(
      '    hosts:\n      db: 10.0.1.5 # the hosts file has it (hosts:1)\n      www: # the hosts file has it (hosts:2)\n        - 10.0.1.6\n        - 10.0.1.7\n',
    )
    expect(readNetworkText({ name: 'p', text: plan }).findings).toEqual([])
  })

  it.each(['10.0.0.0/24\n', 'hello world\n'])('%j is no list of names', async (text) => {
    await expect(imported({ t: text })).rejects.toThrow('natplan cannot tell what t is')
  })
})
