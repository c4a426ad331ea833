import { normalize, type Plan, planNetwork, readLock, type WrittenNetwork } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import { plainLine } from './figure.ts'
import { type PictureWish, pictureFigures, pictureText } from './picture.ts'
import { placeFigure } from './place-figure.ts'
import { textWidth } from './text-width.ts'

const gateway = (platform: 'vyos-1.4' | 'vyatta-5600', address: string) => ({
  platform,
  outside: { interface: platform === 'vyos-1.4' ? 'eth1' : 'dp0bond1', address },
  inside: { interface: platform === 'vyos-1.4' ? 'eth0' : 'dp0bond0' },
})

const acceptance: WrittenNetwork = {
  version: 1,
  pools: ['192.168.0.0/16'],
  sites: {
    cloud: { subnets: ['10.0.1.0/27'], kubernetes: {}, gateway: gateway('vyos-1.4', '203.0.113.10') },
    onpremise: { subnets: ['10.0.1.0/24'], gateway: gateway('vyatta-5600', '192.0.2.20') },
  },
  tunnels: [{ sites: ['cloud', 'onpremise'], preSharedKey: { env: 'NATPLAN_PSK' } }],
}

function planned(written: WrittenNetwork, lock: object | undefined = undefined) {
  const { value: network } = normalize(written)
  if (!network) throw new Error('the network is wrong')
  const saved = lock && readLock(lock).value
  return { network, ...(saved ? planNetwork(network, saved) : planNetwork(network)) }
}

const wholePlan = { kind: 'plan', around: undefined, unfold: false } as const

function texts(written: WrittenNetwork, wish: PictureWish, lock?: object): string[] {
  return pictureFigures(planned(written, lock), wish).figures.flatMap(({ boxes, links }) => [
    ...boxes.flatMap(({ title, lines }) => [title, ...lines.map(plainLine)]),
    ...links.flatMap(({ lines }) => lines.map(plainLine)),
  ])
}

describe('the plan', () => {
  it('says what collides, and what each side is called at the other', () => {
    expect(texts(acceptance, wholePlan)).toEqual([
      'cloud',
      '10.0.1.0/27  collides with onpremise',
      'Kubernetes nodes  get routes to the peers',
      '203.0.113.10  gateway, vyos-1.4',
      'onpremise',
      '10.0.1.0/24  collides with cloud',
      '192.0.2.20  gateway, vyatta-5600',
      '192.168.2.0/27  is 10.0.1.0/27 of cloud',
      '192.168.1.0/24  is 10.0.1.0/24 of onpremise',
    ])
  })

  it('is drawn without what nobody decided where it has errors', () => {
    const sites = {
      a: { subnets: [{ prefix: '10.0.1.0/24', translate: 'never' as const }] },
      b: { subnets: ['10.0.1.0/24'] },
    }
    expect(texts({ version: 1, sites }, wholePlan)).toEqual([
      'a',
      '10.0.1.0/24  collides with b',
      'b',
      '10.0.1.0/24  collides with a',
    ])
  })

  it('marks nothing where nothing collides', () => {
    const sites = { a: { subnets: ['10.1.0.0/24'] }, b: { subnets: [{ prefix: '10.2.0.0/24', name: 'desks' }] } }
    expect(texts({ version: 1, sites }, wholePlan)).toEqual([
      'a',
      '10.1.0.0/24',
      'b',
      '10.2.0.0/24  desks',
      '10.1.0.0/24  of a, as it is',
      '10.2.0.0/24  of b, as it is',
    ])
  })
})

/** The example of the problem: what happens to 10.0.1.5 that calls 192.168.1.77, place by place. */
const way = [
  'cloud: Kubernetes nodes',
  '10.0.1.0/27',
  '192.168.1.0/24  route to the private gateway',
  '10.0.1.5  calls',
  'gateway of cloud',
  '203.0.113.10  vyos-1.4',
  'translates:',
  '10.0.1.0/27 ↔ 192.168.2.0/27  of cloud, both ways',
  'gateway of onpremise',
  '192.0.2.20  vyatta-5600',
  'translates:',
  '10.0.1.0/24 ↔ 192.168.1.0/24  of onpremise, both ways',
  'onpremise: hosts',
  '10.0.1.0/24',
  '10.0.1.77  answers',
  '10.0.1.5 → 192.168.1.77  packet',
  '192.168.1.77 → 10.0.1.5  answer',
  '192.168.2.0/27 ↔ 192.168.1.0/24  IPsec',
  '192.168.2.5 → 192.168.1.77  packet',
  '192.168.1.77 → 192.168.2.5  answer',
  '192.168.2.5 → 10.0.1.77  packet',
  '10.0.1.77 → 192.168.2.5  answer',
]

describe('the way between two sites', () => {
  const wish = { kind: 'tunnel', sites: ['cloud', 'onpremise'] } as const

  it('says where which addresses change, in both directions', () => {
    expect(texts(acceptance, wish)).toEqual(way)
  })

  it('is the same by the plan alone, where it names no gateways', () => {
    const sites = { cloud: { subnets: ['10.0.1.0/27'], kubernetes: {} }, onpremise: { subnets: ['10.0.1.0/24'] } }
    const withoutGateways = way.map((line) => (/^(203|192\.0)\./.test(line) ? 'not in the plan' : line))
    expect(texts({ ...acceptance, sites, tunnels: [{ sites: ['cloud', 'onpremise'] }] }, wish)).toEqual(withoutGateways)
  })

  it('names a mistyped site and sites that do not talk', () => {
    const drawn = (sites: readonly [string, string]) => () => texts(acceptance, { kind: 'tunnel', sites })
    expect(drawn(['cloud', 'onpremis'])).toThrow('the plan has no site "onpremis"')
    expect(drawn(['cloud', 'cloud'])).toThrow('cloud and cloud do not talk to each other in the plan')
  })
})

/** Gateways on Linux at all sites of a network. */
function withGateways(sites: Record<string, WrittenNetwork['sites'][string]['subnets']>): WrittenNetwork['sites'] {
  return Object.fromEntries(
    Object.entries(sites).map(([name, subnets], index) => [
      name,
      {
        subnets,
        gateway: {
          platform: 'linux' as const,
          outside: { interface: 'eth0', address: `203.0.113.${index + 1}` },
          inside: { interface: 'eth1' },
        },
      },
    ]),
  )
}

describe('the way between two sites', () => {
  const drawn = (written: WrittenNetwork) => texts(written, { kind: 'tunnel', sites: ['a', 'b'] })
  const same = ['10.0.1.0/24']
  const tunnels: WrittenNetwork['tunnels'] = [{ sites: ['a', 'b'], preSharedKey: { env: 'NATPLAN_PSK' } }]

  it('begins at the hosts that hide, which alone may call, and says which way they are translated', () => {
    const hidden = [{ prefix: '10.0.1.0/24', hideBehind: '192.168.5.1' }]
    const lines = drawn({ version: 1, sites: withGateways({ a: same, b: hidden }), tunnels })
    expect(lines).toContain('10.0.1.77  calls')
    expect(lines[0]).toBe('b: hosts')
    expect(lines).toContain('10.0.1.0/24 → 192.168.5.1  of b, which calls; called at forwarded ports alone')
  })

  it('is not drawn where both sides hide', () => {
    const sites = withGateways({
      a: [{ prefix: '10.0.1.0/24', hideBehind: '192.168.5.1' }],
      b: [{ prefix: '10.0.1.0/24', hideBehind: '192.168.6.1' }],
    })
    expect(() => drawn({ version: 1, sites, tunnels })).toThrow('no host of a and b can call one of the other site')
  })

  it('is not drawn to a site without a gateway, nor without gateways where somebody else translates', () => {
    const { a } = withGateways({ a: same })
    if (!a) throw new Error('there is no site')
    const half: WrittenNetwork = { version: 1, sites: { a, b: { subnets: same } }, tunnels: [{ sites: ['a', 'b'] }] }
    expect(() => drawn(half)).toThrow('b has no gateway in the plan')
    const none: WrittenNetwork = {
      version: 1,
      sites: { a: { subnets: same }, b: { subnets: same } },
      tunnels: [{ sites: ['a', 'b'], translateAt: 'a' }],
    }
    expect(() => drawn(none)).toThrow('a has no gateway in the plan')
  })
})

describe('collisions', () => {
  it('are of sites that a tunnel or a common peer brings together, each counted once', () => {
    const sites = {
      a: { subnets: ['10.0.1.0/24'] },
      b: { subnets: ['10.0.1.0/24'] },
      c: { subnets: ['10.0.1.0/24'] },
      d: { subnets: ['10.77.0.0/24'] },
    }
    const apart = texts({ version: 1, sites, tunnels: [{ sites: ['b', 'c'] }, { sites: ['a', 'd'] }] }, wholePlan)
    expect(apart.filter((line) => line.startsWith('10.0.1.0/24'))).toEqual([
      '10.0.1.0/24',
      '10.0.1.0/24  collides with c',
      '10.0.1.0/24  collides with b',
      '10.0.1.0/24  of a, as it is',
    ])
    const all = texts({ version: 1, sites }, wholePlan)
    expect(all.filter((line) => line.includes('collides'))).toEqual([
      '10.0.1.0/24  collides with b and 1 other',
      '10.0.1.0/24  collides with a and 1 other',
      '10.0.1.0/24  collides with a and 1 other',
    ])
  })
})

describe('what changes', () => {
  const lock = (translated: string) => ({
    version: 1,
    sites: { onpremise: { '10.0.1.0/24': { translated, translatedFor: ['cloud'] } } },
  })

  it('stands before and after side by side, each in the same places', () => {
    const pinned: WrittenNetwork = {
      ...acceptance,
      sites: {
        ...acceptance.sites,
        onpremise: {
          gateway: gateway('vyatta-5600', '192.0.2.20'),
          subnets: [{ prefix: '10.0.1.0/24', translateTo: '192.168.7.0/24' }],
        },
      },
    }
    expect(texts(pinned, { kind: 'changes' }, lock('192.168.1.0/24'))).toEqual([
      'cloud',
      'not there',
      'onpremise',
      '10.0.1.0/24 ↔ 192.168.1.0/24',
      'cloud',
      '10.0.1.0/27 ↔ 192.168.2.0/27  new',
      'onpremise',
      '10.0.1.0/24 ↔ 192.168.7.0/24  renumbered',
    ])
    const [before, after] = pictureFigures(planned(pinned, lock('192.168.1.0/24')), { kind: 'changes' }).figures
    const ids = [before, after].map((figure) => figure?.boxes.map(({ id }) => id))
    expect(ids[0]).toEqual(ids[1])
  })

  it('shows who talks over a third site, which is no tunnel', () => {
    const sites = {
      hub: { subnets: ['10.0.0.0/24'] },
      a: { subnets: ['10.1.0.0/24'] },
      b: { subnets: ['10.2.0.0/24'] },
    }
    const tunnels: WrittenNetwork['tunnels'] = [
      { sites: ['hub', 'a'] },
      { sites: ['hub', 'b'] },
      { sites: ['a', 'b'], through: 'hub' },
    ]
    const [, after] = pictureFigures(planned({ version: 1, sites, tunnels }), { kind: 'changes' }).figures
    expect(after?.links.map(({ from, to, kind }) => `${from} ${to} ${kind}`)).toEqual([
      'site-a site-b over',
      'site-a site-hub tunnel',
      'site-b site-hub tunnel',
    ])
  })

  it('is nothing with the lock of the plan itself', () => {
    const { network, plan } = planned(acceptance)
    const again = planNetwork(network, (plan as Plan).lock)
    const { figures } = pictureFigures({ network, ...again }, { kind: 'changes' })
    expect(figures.flatMap(({ boxes }) => boxes.map(({ title }) => title))).toEqual(['Nothing changes'])
  })
})

describe('pictureText', () => {
  it.each(['svg', 'mermaid', 'dot', 'drawio'] as const)('has every text in %s, and is the same again', (format) => {
    const text = pictureText(pictureFigures(planned(acceptance), wholePlan).figures, format)
    expect(pictureText(pictureFigures(planned(acceptance), wholePlan).figures, format)).toBe(text)
    for (const word of ['cloud', '10.0.1.0/27', '192.168.2.0/27', 'collides with onpremise'])
      expect(text).toContain(word)
  })

  it('holds no script and nothing from elsewhere', () => {
    const svg = pictureText(pictureFigures(planned(acceptance), wholePlan).figures, 'svg')
    expect(svg).not.toMatch(/<script|<foreignObject|@import|@font-face|\son\w+=|href=/)
    expect(svg.match(/https?:[^"]*/g)).toEqual(['http://www.w3.org/2000/svg'])
  })

  it('writes a flowchart with texts in quotes', () => {
    expect(pictureText(pictureFigures(planned(acceptance), wholePlan).figures, 'mermaid')).toContain(
      'b_site_45_cloud ===|"192.168.2.0/27  is 10.0.1.0/27 of cloud<br>192.168.1.0/24  is 10.0.1.0/24 of onpremise"| b_site_45_onpremise',
    )
  })
})

describe('placeFigure', () => {
  it('has no size without boxes', () => {
    const empty = { title: 'nothing', description: '', boxes: [], links: [] }
    expect(placeFigure(empty)).toMatchObject({ width: 0, height: 0 })
  })

  it('moves little for a small change: a further spoke changes the side of one box at most, and no order', () => {
    const columns = (count: number) => {
      const spokes = Object.fromEntries(
        Array.from({ length: count }, (_, index) => [`spoke-${10 + index}`, { subnets: [`10.1.${index}.0/24`] }]),
      )
      const tunnels = Object.keys(spokes).map((name) => ({ sites: ['hub', name] as [string, string] }))
      const plan = planned({ version: 1, sites: { hub: { subnets: ['10.0.0.0/24'] }, ...spokes }, tunnels })
      const [figure] = pictureFigures(plan, { ...wholePlan, unfold: true }).figures
      if (!figure) throw new Error('there is no figure')
      const { boxes } = placeFigure(figure)
      const hub = boxes.find(({ box }) => box.title === 'hub')
      const sides = [true, false].map((isLeft) => boxes.filter(({ x }) => x < (hub?.x ?? 0) === isLeft))
      return sides.map((side) => side.sort((one, other) => one.y - other.y).map(({ box }) => box.title))
    }
    for (const count of [20, 21]) {
      const [[left = [], right = []], [nextLeft = [], nextRight = []]] = [columns(count), columns(count + 1)]
      expect(nextLeft.slice(0, left.length)).toEqual(left)
      expect(nextLeft.length).toBeLessThanOrEqual(left.length + 1)
      const kept = nextRight.filter((name) => right.includes(name) && name !== 'hub')
      expect(kept).toEqual(right.filter((name) => nextRight.includes(name) && name !== 'hub'))
    }
  })

  it('lays wide plans down where that needs less room', () => {
    const chain = Array.from({ length: 5 }, (_, index) => ({
      id: `b${index}`,
      kind: 'site' as const,
      title: `a long name of a site ${index}`,
      lines: [],
    }))
    const links = chain.slice(1).map(({ id }, index) => ({
      from: `b${index}`,
      to: id,
      kind: 'tunnel' as const,
      arrow: 'none' as const,
      lines: [],
    }))
    const figure = { title: 't', description: '', boxes: chain, links }
    const free = placeFigure(figure)
    expect(free.height).toBeGreaterThan(free.width / 2)
    const right = placeFigure({ ...figure, direction: 'right' })
    expect(right.width).toBeGreaterThan(3 * right.height)
  })
})

describe('textWidth', () => {
  it('takes what no table knows for squares', () => {
    const font = { family: 'sans', size: 10 } as const
    expect(textWidth('漢', font)).toBe(11)
    expect(textWidth('🦊', font)).toBe(11)
    expect(textWidth('iii', font)).toBeLessThan(textWidth('mmm', font))
    expect(textWidth('a', { ...font, isBold: true })).toBeGreaterThan(textWidth('a', font))
  })
})
