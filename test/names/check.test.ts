import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { natplan, root } from '../support/command.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const book = join(root, 'test', 'names', 'book.yaml')

interface Wrong {
  readonly line: number
  readonly at: string
  readonly name: string
  readonly kind: string
  readonly text: string
  readonly should: readonly string[]
  readonly reverse?: boolean
}

function checked(
  file: string,
  text: string,
  site: string,
): { readonly wrong: readonly Wrong[]; readonly status: number | null } {
  const folder = temporaryFolder({ [file]: text })
  const { stdout, stderr, status } = natplan([
    'names',
    book,
    '--check',
    `${site}=${join(folder, file)}`,
    '--output',
    'json',
  ])
  if (status !== 0 && status !== 1) throw new Error(stderr)
  return { wrong: JSON.parse(stdout).files[0].wrong, status }
}

interface Row {
  readonly entry: string
  /** The kind, then what it should be; `good` where nothing is said. */
  readonly cloud: string
  readonly why: string
}

const rows: readonly Row[] = [
  { entry: '192.168.1.20 db.corp.example', cloud: 'good', why: 'as the site calls it' },
  { entry: '192.168.1.20 DB.Corp.Example', cloud: 'good', why: 'DNS does not tell capitals' },
  {
    entry: '10.0.1.20 db.corp.example',
    cloud: 'unreachable 192.168.1.20',
    why: 'the real address of a translated subnet',
  },
  { entry: '10.0.1.22 www.onpremise', cloud: 'unreachable 192.168.1.22', why: 'one of two' },
  { entry: '192.168.1.20 erp.partner', cloud: 'another 192.168.2.20', why: "another site's host" },
  { entry: '10.0.1.30 new.corp.example', cloud: 'unreachable 192.168.1.30', why: 'a domain says whose it is' },
  { entry: '192.168.1.30 new.corp.example', cloud: 'good', why: 'the same as it is called' },
  { entry: '10.0.1.30 new', cloud: 'good', why: "the site's own address, and nothing says whose the name is" },
  {
    entry: '10.0.1.99 new',
    cloud: 'unreachable 192.168.1.99 192.168.2.99 192.168.3.99',
    why: 'of three sites, not its own',
  },
  { entry: '10.9.0.3 old.onpremise', cloud: 'unreachable', why: 'reserved space' },
  { entry: '10.40.0.9 bench.lab-2', cloud: 'unreachable', why: 'the sites do not talk' },
  { entry: '10.40.0.77 other', cloud: 'unreachable', why: 'the same by its address' },
  { entry: '10.20.7.1 desk.branch', cloud: 'unreachable', why: 'it hides' },
  { entry: '203.0.113.65 tickets.branch', cloud: 'good', why: 'a port leads to it' },
  {
    entry: '10.20.0.10 tickets',
    cloud: 'unreachable 203.0.113.65',
    why: 'a short name with a real address of the host',
  },
  { entry: '10.99.0.1 tickets', cloud: 'good', why: 'a short name that means something else' },
  { entry: '192.168.4.5 self', cloud: 'unreachable 10.0.1.5', why: 'what only peers call it' },
  { entry: '10.0.1.5 node1', cloud: 'good', why: 'at home' },
  { entry: '192.0.2.20 gw.onpremise', cloud: 'good', why: 'the outside of a gateway, without a tunnel' },
  { entry: '198.51.100.99 elsewhere.example', cloud: 'good', why: 'the plan knows neither' },
  { entry: 'fd00:2::20 v6.onpremise', cloud: 'good', why: 'IPv6 is not translated' },
  { entry: 'fd00:2::21 v6.onpremise', cloud: 'another fd00:2::20', why: 'another address of the same version' },
]

describe('an entry of a hosts file at cloud', () => {
  let found: ReadonlyMap<number, Wrong> = new Map()

  beforeAll(() => {
    const { stdout } = natplan(['names', book, '--check', 'cloud=-', '--output', 'json'], {
      input: rows.map(({ entry }) => `${entry}\n`).join(''),
    })
    const { wrong } = JSON.parse(stdout).files[0] as { readonly wrong: readonly Wrong[] }
    found = new Map(wrong.map((one) => [one.line, one]))
  })

  it.each(rows.map((row, index) => [row.entry, row.cloud, row.why, index + 1] as const))(
    '%s is %s: %s',
    (_entry, cloud, _why, line) => {
      const one = found.get(line)
      expect(one ? [one.kind, ...one.should].join(' ') : 'good').toBe(cloud)
    },
  )
})

describe('natplan names --check', () => {
  it.each(['hosts', 'dnsmasq', 'unbound', 'bind'])(
    'finds nothing in the %s of the same site, and something in that of another',
    (form) => {
      const text = natplan(['names', book, '--site', 'cloud', '--output', form]).stdout
      expect(checked(form, text, 'cloud')).toEqual({ wrong: [], status: 0 })
      const elsewhere = checked(form, text, 'shop')
      expect(elsewhere.status).toBe(1)
      expect(elsewhere.wrong).toContainEqual(
        expect.objectContaining({ name: 'till.shop', kind: 'another', should: ['10.0.1.7'] }),
      )
    },
  )

  it('reads a zone, and says in which line', () => {
    const zone = '$ORIGIN corp.example.\n$TTL 300\n@ SOA ns hostmaster 1 2 3 4 5\ndb A 10.0.1.20\nwww A 192.168.1.21\n'
    const folder = temporaryFolder({ 'corp.zone': zone })
    const { status, stdout, stderr } = natplan(['names', book, '--site', 'cloud', '--check', 'corp.zone'], {
      cwd: folder,
    })
    expect(status).toBe(1)
    expect(stderr).toContain('corp.zone:4:1 error NAME_UNREACHABLE at cloud, db.corp.example leads to 10.0.1.20')
    expect(stdout).toContain('2 entries looked at; not looked at: 1 SOA records')
  })

  it('judges a PTR record as an A record of its address', () => {
    const zone = [
      '$ORIGIN 1.0.10.in-addr.arpa.',
      '@ 300 IN SOA ns hostmaster 1 2 3 4 5',
      '20 PTR db.corp.example.',
      '5 IN PTR node1.',
      '30 PTR new.corp.example.',
      '20.1.168.192.IN-ADDR.ARPA. 1h IN PTR db.corp.example.',
      '20.2.168.192.in-addr.arpa. PTR db.corp.example.',
      '$ORIGIN 0.0.0.0.0.0.0.0.0.0.0.0.2.0.0.0.0.0.d.f.ip6.arpa.',
      '0.2.0.0.0.0.0.0.0.0.0.0 PTR v6.onpremise.',
      '1.2.0.0.0.0.0.0.0.0.0.0 PTR v6.onpremise.',
    ]
    const folder = temporaryFolder({ 'back.zone': `${zone.join('\n')}\n` })
    const asked = ['names', book, '--check', `cloud=${join(folder, 'back.zone')}`]
    const { stderr, status } = natplan(asked)
    expect(status).toBe(1)
    expect(stderr).toContain(
      'back.zone:3:1 error NAME_UNREACHABLE at cloud, a PTR record gives db.corp.example for 10.0.1.20, which is the real address of db at onpremise',
    )
    expect(stderr).toContain('write 20.1.168.192.in-addr.arpa')
    const { wrong } = JSON.parse(natplan([...asked, '--output', 'json']).stdout).files[0]
    expect(wrong.map(({ line, reverse, kind, should }: Wrong) => [line, reverse, kind, ...should])).toEqual([
      [3, true, 'unreachable', '192.168.1.20'],
      [5, true, 'unreachable', '192.168.1.30'],
      [7, true, 'another', '192.168.1.20'],
      [10, true, 'another', 'fd00:2::20'],
    ])
  })

  it('is silent about the PTR records that natplan writes for a site', () => {
    const zone = ['--output', 'bind', '--zone', '1.168.192.in-addr.arpa']
    const text = natplan(['names', book, '--site', 'cloud', ...zone]).stdout
    expect(text).toContain('20.1.168.192.in-addr.arpa. PTR db.corp.example.')
    expect(checked('back.zone', text, 'cloud')).toEqual({ wrong: [], status: 0 })
  })

  it('says which PTR records it does not judge, and why', () => {
    const classless = ['20.0/27', '20.0-31', '20.customer']
    const malformed = [
      '@',
      '020',
      '256',
      'db',
      '20.1.0.10.in-addr.arpa',
      '1.2.3.4.5.in-addr.arpa.',
      '0.2.d.f.ip6.arpa.',
    ]
    const owners = [...classless, ...malformed, '_http._tcp.corp.example.', '*']
    const records = owners.map((owner) => `${owner} PTR db.corp.example.\n`).join('')
    const zone = `$ORIGIN 1.0.10.in-addr.arpa.\n${records}20 PTR -\n20 IN PTR`
    const asked = ['names', book, '--check', 'cloud=-', '--output', 'json']
    const { stdout, status } = natplan(asked, { input: zone })
    expect([status, JSON.parse(stdout).files[0]]).toEqual([
      0,
      expect.objectContaining({
        checked: 0,
        leftOut: [
          { what: 'PTR records of classless delegations (RFC 2317)', count: classless.length },
          { what: 'PTR records whose names are not complete addresses', count: malformed.length },
          { what: 'PTR records of names outside in-addr.arpa and ip6.arpa', count: 1 },
          { what: 'wildcards, which name no host', count: 1 },
          { what: 'names that DNS cannot have', count: 2 },
        ],
      }),
    ])
  })

  it('does not guess the origin of a reverse zone', () => {
    const zone = '$TTL 300\n@ SOA ns hostmaster 1 2 3 4 5\n20 PTR db.corp.example.\n'
    const { stdout, status } = natplan(['names', book, '--check', 'cloud=-'], { input: zone })
    expect(status).toBe(0)
    expect(stdout).toContain('1 names of a zone that does not say its own: $ORIGIN is missing')
  })

  it('looks from every site where none is named', () => {
    const folder = temporaryFolder({ hosts: '10.0.1.20 db.corp.example\n' })
    const { stderr } = natplan(['names', book, '--check', 'hosts'], { cwd: folder })
    expect(stderr).toContain('at cloud, db.corp.example leads to 10.0.1.20')
    expect(stderr).toContain('at shop, db.corp.example leads to 10.0.1.20')
    expect(stderr).not.toContain('at onpremise,')
  })

  it('refuses what holds no names', () => {
    const folder = temporaryFolder({ 'plan.yaml': readFileSync(book, 'utf8') })
    const { status, stderr } = natplan(['names', book, '--check', 'plan.yaml'], { cwd: folder })
    expect([status, stderr]).toEqual([2, expect.stringContaining('natplan finds no names in plan.yaml')])
  })
})
