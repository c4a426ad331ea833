import { describe, expect, it } from 'vitest'
import { formatPath } from '../finding.ts'
import { readPartly, readWritten } from './read-written.ts'
import { networkSchema } from './schemas.ts'

function findingsOf(data: unknown) {
  return readWritten(networkSchema(), data, 'plan').findings
}

/** A plan file in which one part of a tunnel is as given. */
function withTunnel(tunnel: object): object {
  return { version: 1, sites: {}, tunnels: [{ sites: ['a', 'b'], ...tunnel }] }
}

function withSite(site: unknown): object {
  return { version: 1, sites: { a: site } }
}

const gateway = { outside: { interface: 'eth0', address: '203.0.113.1' } }

describe('readWritten', () => {
  it.each([
    [{ version: 1, sites: {} }, 'the least there can be'],
    [withSite({ subnets: ['10.0.0.0/24', { prefix: '10.0.1.0/24', name: 'A 1', translate: 'never' }] }), 'both forms'],
    [withSite({ subnets: [], gateway: { ...gateway, platform: 'vyos-1.4', ruleBase: 999_999 } }), 'a gateway'],
    [withTunnel({ preSharedKey: { env: 'KEY' }, proposal: 'compatible' }), 'a tunnel'],
    [withTunnel({ preSharedKey: { file: '../psk' } }), 'a key file'],
    [withTunnel({ authentication: { certificate: 'gw', ca: 'company' } }), 'certificates'],
    [withTunnel({ authentication: { a: { certificate: 'gw', ca: 'company' } } }), 'certificates by site'],
    [withSite({ subnets: [], gateway: { outside: { interface: 'eth0', address: { host: 'a.net' } } } }), 'a host name'],
    [withSite({ subnets: [], gateway: { outside: { interface: 'eth0', address: 'dynamic' } } }), 'a changing address'],
    [{ version: 1, sites: { constructor: { subnets: [] } } }, 'a site named like what every object has'],
  ])('takes %j: %s', (data) => {
    expect(readWritten(networkSchema(), data, 'plan')).toEqual({ value: data, findings: [] })
  })

  it.each<[unknown, string, string, string]>([
    [undefined, 'VALUE_WRONG at ', 'expected a mapping, found nothing', 'no document'],
    [null, 'VALUE_WRONG at ', 'expected a mapping, found nothing', 'an empty document'],
    [[], 'VALUE_WRONG at ', 'expected a mapping, found a list of 0', 'a list'],
    ['plan', 'VALUE_WRONG at ', 'expected a mapping, found "plan"', 'a text'],
    [{ sites: {} }, 'KEY_MISSING at ', 'the key version is missing', 'the place is the mapping without it'],
    [{ version: 2, sites: {} }, 'VERSION_UNSUPPORTED at version', 'version 2 is not known', 'a newer file'],
    [{ version: '1', sites: {} }, 'VERSION_UNSUPPORTED at version', 'version "1" is not known', 'a text'],
    [{ version: 1, sites: [] }, 'VALUE_WRONG at sites', 'expected a mapping, found a list of 0', 'a list of sites'],
    [{ version: 1, sites: { a: null } }, 'VALUE_WRONG at sites.a', 'expected a mapping, found nothing', 'no value'],
    [withSite({}), 'KEY_MISSING at sites.a', 'the key subnets is missing', 'a key missing further down'],
    [
      withSite({ subnets: '10.0.0.0/24' }),
      'VALUE_WRONG at sites.a.subnets',
      'expected a list, found "10.0.0.0/24"',
      'no list',
    ],
    [
      withSite({ subnets: [4] }),
      'VALUE_WRONG at sites.a.subnets[0]',
      'expected a text or a mapping, found 4',
      'neither form',
    ],
    [
      withSite({ subnets: [{}] }),
      'KEY_MISSING at sites.a.subnets[0]',
      'the key prefix is missing',
      'the second form, empty',
    ],
    [
      withSite({ subnets: [{ prefix: '10.0.0.0/24', name: '-' }] }),
      'VALUE_WRONG at sites.a.subnets[0].name',
      'expected at most 63 letters, digits, blanks, dots, dashes and underscores, a letter or digit first, found "-"',
      'a name that is none',
    ],
    [
      withSite({ subnets: ['x'.repeat(100), {}] }),
      'KEY_MISSING at sites.a.subnets[1]',
      'the key prefix is missing',
      'what a text says is not judged here',
    ],
    [
      withSite({ subnets: [], gateway: { ...gateway, ruleBase: 0 } }),
      'VALUE_WRONG at sites.a.gateway.ruleBase',
      'expected at least 1, found 0',
      'too small',
    ],
    [
      withSite({ subnets: [], gateway: { ...gateway, ruleBase: 1e6 } }),
      'VALUE_WRONG at sites.a.gateway.ruleBase',
      'expected at most 999999, found 1000000',
      'too large',
    ],
    [
      withSite({ subnets: [], gateway: { ...gateway, ruleBase: 1.5 } }),
      'VALUE_WRONG at sites.a.gateway.ruleBase',
      'expected a whole number, found 1.5',
      'a fraction',
    ],
    [
      withTunnel({ sites: ['a'] }),
      'VALUE_WRONG at tunnels[0].sites',
      'expected at least 2 entries, found a list of 1',
      'one end',
    ],
    [
      withTunnel({ proposal: 'modrn' }),
      'VALUE_WRONG at tunnels[0].proposal',
      'expected one of modern, compatible or a mapping, found "modrn"',
      'a word that is none of the words',
    ],
    [
      withTunnel({ preSharedKey: { file: 'psk', pass: '' } }),
      'KEY_UNKNOWN at tunnels[0].preSharedKey',
      'unknown key',
      'of two mappings the one that fits best is meant',
    ],
    [
      withTunnel({ preSharedKey: { file: 4 } }),
      'VALUE_WRONG at tunnels[0].preSharedKey.file',
      'expected a text',
      'the same, where neither mapping fits',
    ],
  ])('refuses %j: %s: %s (%s)', (data, code, message) => {
    const found = findingsOf(data).map((finding) => [
      `${finding.code} at ${formatPath(finding.place.path)}`,
      finding.message,
    ])
    expect(found).toEqual([[code, message]])
    expect(readWritten(networkSchema(), data, 'plan').value).toBeUndefined()
  })

  it('shortens a long value in the message', () => {
    const [finding] = findingsOf({ version: 1, sites: 'x'.repeat(10_000) })
    expect(finding?.message).toHaveLength('expected a mapping, found '.length + 82)
  })

  it.each([
    [{ version: 1, sites: {}, pool: [] }, 'pool', 'did you mean pools?', 'at the top'],
    [withSite({ subnets: [], reservd: [] }), 'sites.a.reservd', 'did you mean reserved?', 'in a site'],
    [
      withSite({ subnets: [{ prefix: '10.0.0.0/24', translateto: '' }] }),
      'sites.a.subnets[0].translateto',
      'did you mean translateTo?',
      'another case',
    ],
    [
      withTunnel({
        proposal: {
          ike: { encryption: 'aes256', hash: 'sha256', dhGroup: 14 },
          esp: { encryption: 'aes256', dhgroup: 14, dhGroup: 14 },
        },
      }),
      'tunnels[0].proposal.esp.dhgroup',
      'did you mean dhGroup?',
      'deep inside an alternative',
    ],
    [
      withSite({ subnets: [], gateway: { ...gateway, zzzzzzzz: 1 } }),
      'sites.a.gateway.zzzzzzzz',
      'known here: platform, outside, uplinks, inside, identity, virtualInterface, firewall, interfaceBase, ruleBase',
      'nothing near',
    ],
    [
      { version: 1, sites: { constructor: { subnets: [], reservd: [] } } },
      'sites.constructor.reservd',
      'did you mean reserved?',
      'in a site named like what every object has',
    ],
    [
      JSON.parse('{"version":1,"sites":{},"__proto__":{}}'),
      '__proto__',
      'known here: version, include, pools, avoid, own, defaults, sites, tunnels, moved',
      'the key that sets a prototype',
    ],
  ])('reports an unknown key in %j at the key %s: %s (%s)', (data, path, hint) => {
    expect(findingsOf(data)).toMatchObject([{ code: 'KEY_UNKNOWN', place: { isKey: true }, hint }])
    expect(formatPath(findingsOf(data)[0]?.place.path ?? [])).toBe(path)
  })

  it.each([
    [
      withSite({ subnets: [{ prefix: '10.0.0.0/24', name: 7 }] }),
      'write it in quotes: "7"',
      'a number where a text is',
    ],
    [
      withSite({ subnets: [], gateway: { ...gateway, platform: 'vyos-14' } }),
      'did you mean vyos-1.4?',
      'a word nearly right',
    ],
    [
      withTunnel({ preSharedKey: 'hunter2' }),
      'name an environment variable (env) or a file (file) that holds the key',
      'a key',
    ],
    [
      withTunnel({ authentication: { certificate: '-----BEGIN PRIVATE KEY-----', ca: 'company' } }),
      'name the certificate and its authority as the device calls them; they stay there',
      'what it is the name of',
    ],
  ])('hints in %j: %s (%s)', (data, hint) => {
    expect(findingsOf(data)).toMatchObject([{ code: 'VALUE_WRONG', hint }])
  })

  it('repeats nothing from authentication', () => {
    const findings = findingsOf(withTunnel({ authentication: { certificate: 'hunter2!', ca: 4, hunter2: 1 } }))
    expect(findings.length).toBeGreaterThan(0)
    expect(JSON.stringify(findings.map(({ message, hint }) => [message, hint]))).not.toContain('hunter2')
  })

  it.each<[unknown, string]>([
    ['hunter2', 'the key itself'],
    [{ env: 'hunter2!' }, 'the key as the name of a variable'],
    [{ env: 4711 }, 'a key of digits'],
    [{ key: 'hunter2' }, 'the key under a key of its own'],
    [{ hunter2: null }, 'the key in place of what holds it'],
    [{ env: 'K', hunter2: null }, 'the key beside what holds it'],
    [['hunter2', 4711], 'a list of keys'],
  ])('repeats no secret from preSharedKey: %j (%s)', (preSharedKey) => {
    const findings = findingsOf(withTunnel({ preSharedKey }))
    expect(findings.length).toBeGreaterThan(0)
    expect(JSON.stringify(findings)).not.toMatch(/hunter2|4711/)
  })

  it('reports everything at once', () => {
    const data = { version: 1, sites: { a: { subnets: [1, {}], extra: 1 }, b: {} }, pools: 'x', tunnels: [{}] }
    expect(findingsOf(data).map(({ code, place }) => `${code} ${formatPath(place.path)}`)).toEqual([
      'VALUE_WRONG pools',
      'VALUE_WRONG sites.a.subnets[0]',
      'KEY_MISSING sites.a.subnets[1]',
      'KEY_UNKNOWN sites.a.extra',
      'KEY_MISSING sites.b',
      'KEY_MISSING tunnels[0]',
    ])
  })
})

describe('the cluster of a site', () => {
  const problems = (kubernetes: object) =>
    findingsOf(withSite({ subnets: [], kubernetes })).map(({ code, place }) => `${code} ${place.path.at(-1)}`)
  const digest = `sha256:${'0123456789abcdef'.repeat(4)}`

  it.each([
    'alpine:3.22.2',
    'docker.io/library/alpine:3.22.2',
    'registry.example.net:5000/team/a-b__c.d:V1.0_x',
    `alpine@${digest}`,
    `registry.example.net:5000/alpine:3.22.2@${digest}`,
    `10.0.0.1:5000/alpine@${digest}`,
    'alpine',
  ])('takes the image %s', (image) => {
    expect(problems({ image })).toEqual([])
  })

  it.each([
    '',
    'Alpine:3',
    'alpine:',
    'alpine::3',
    'alpine:3:4',
    '/alpine',
    'a//b',
    'alpine/',
    'alpine:-1',
    'alpine@3',
    `alpine@${digest.slice(0, -1)}`,
    `alpine@${digest}0`,
    `alpine@${digest.toUpperCase()}`,
    `alpine@${digest}:3`,
    `alpine@sha512:${digest.slice(7)}`,
    `alpine:${'1'.repeat(129)}`,
    'alpine:3 x',
    `${'a-'.repeat(50_000)}`,
  ])('refuses the image %s', (image) => {
    expect(problems({ image })).toEqual(['VALUE_WRONG image'])
  })

  it.each([1, 25, '1%', '10%', '99%', '100%'])('takes a rollout by %s', (maxUnavailable) => {
    expect(problems({ maxUnavailable })).toEqual([])
  })

  it.each([0, -1, 1.5, '0%', '101%', '5', '1.5%', '010%', '%', '', true, null])('refuses a rollout by %s', (value) => {
    expect(problems({ maxUnavailable: value })).toEqual(['VALUE_WRONG maxUnavailable'])
  })
})

describe('forms of texts', () => {
  it('are described in words', () => {
    const kubernetes = {
      namespace: '?',
      image: '?',
      maxUnavailable: '?',
      priorityClassName: '?',
      nodeSelector: { '?': '?' },
      tolerations: [{ key: '?', value: '?' }],
      nodePools: [{ name: '?' }],
      resources: { requests: { memory: '?' } },
    }
    const proposal = { ike: { encryption: '?', hash: '?', dhGroup: 14 }, esp: { encryption: '?', dhGroup: 14 } }
    const data = {
      version: 1,
      sites: {
        a: {
          subnets: [{ prefix: '10.0.0.0/24', name: '?' }],
          kubernetes,
          gateway: {
            outside: { interface: '?', address: '192.0.2.1' },
            inside: { interface: '?' },
            identity: '?',
            virtualInterface: { name: '?' },
          },
        },
      },
      tunnels: [{ sites: ['a', 'b'], preSharedKey: { env: '?' }, proposal }],
    }
    const messages = readWritten(networkSchema(), data, 'plan').findings.map(({ message }) => message)
    const forms = messages.filter((message) => message.includes('found "?"'))
    expect(forms.length).toBeGreaterThanOrEqual(13)
    for (const message of messages) expect(message).not.toMatch(/[\^$\\]|\[a-z|Invalid|undefined/)
  })
})

describe('readPartly', () => {
  const read = (data: unknown) => {
    const { value, findings, unread, asWritten } = readPartly({ schema: networkSchema }, data, 'plan')
    return { value, codes: findings.map(({ code, place }) => `${code} ${formatPath(place.path)}`), unread, asWritten }
  }

  it('takes away what is wrong and keeps the places of the rest', () => {
    const { value, codes, unread } = read(withSite({ subnets: [4, '10.0.0.0/24', {}], reserved: 'x' }))
    expect(value).toEqual(withSite({ subnets: [undefined, '10.0.0.0/24', {}] }))
    expect(codes).toEqual([
      'VALUE_WRONG sites.a.subnets[0]',
      'KEY_MISSING sites.a.subnets[2]',
      'VALUE_WRONG sites.a.reserved',
    ])
    expect(unread.covers(['sites', 'a', 'subnets', 0])).toBe(true)
    expect(unread.covers(['sites', 'a', 'subnets', 1])).toBe(false)
    expect(unread.touches(['sites', 'a'])).toBe(true)
    expect(unread.touches(['sites', 'b'])).toBe(false)
  })

  it('reads what stands under a mistyped key, and says where it is', () => {
    const { value, codes, asWritten } = read({ version: 1, sites: { a: { subnts: ['10.0.0.0/24', 4] } } })
    expect(value).toEqual(withSite({ subnets: ['10.0.0.0/24', undefined] }))
    expect(codes).toEqual(['KEY_UNKNOWN sites.a.subnts', 'VALUE_WRONG sites.a.subnets[1]'])
    expect(asWritten(['sites', 'a', 'subnets', 1])).toEqual(['sites', 'a', 'subnts', 1])
    expect(asWritten(['sites', 'b', 'subnets', 1])).toEqual(['sites', 'b', 'subnets', 1])
  })

  it.each<[object, string[], string]>([
    [{ subnets: [], subnts: [4] }, ['KEY_UNKNOWN sites.a.subnts'], 'the right one is there'],
    [{ subnts: [], subnetz: [4] }, ['KEY_UNKNOWN sites.a.subnts', 'KEY_UNKNOWN sites.a.subnetz'], 'two for one'],
    [{ subnets: [], gatway: 'x' }, ['KEY_UNKNOWN sites.a.gatway'], 'it is of another kind and may mean another key'],
    [{ networks: [] }, ['KEY_MISSING sites.a', 'KEY_UNKNOWN sites.a.networks'], 'nothing is near'],
  ])('takes %j for %j: %s', (site, codes) => {
    expect(read(withSite(site)).codes).toEqual(codes)
  })

  it('does not know what else a key without meaning stands for', () => {
    expect(read({ version: 1, sites: {}, connections: [] }).unread.covers(['tunnels'])).toBe(true)
    expect(read({ version: 1, sites: {}, avoids: [] }).unread.covers(['tunnels'])).toBe(false)
  })

  it('leaves the document as it was', () => {
    const data = withSite({ subnts: [4] })
    read(data)
    expect(data).toEqual(withSite({ subnts: [4] }))
  })
})
