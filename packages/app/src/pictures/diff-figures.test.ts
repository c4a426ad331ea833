import { emptyLock, normalize, type Plan, planNetwork, type WrittenNetwork } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import { diffGateways } from '../gateways/diff-gateways.ts'
import { renderGateways } from '../gateways/render-gateways.ts'
import { diffFigures } from './diff-figures.ts'
import { plainLine } from './figure.ts'

const judge = () => ({ findings: [], accepts: [] })
const gateway = (address: string) => ({
  platform: 'vyos-1.4' as const,
  outside: { interface: 'eth1', address },
  inside: { interface: 'eth0' },
})
const written: WrittenNetwork = {
  version: 1,
  pools: ['192.168.0.0/16'],
  sites: {
    cloud: { subnets: ['10.0.1.0/27'], gateway: gateway('203.0.113.10') },
    onpremise: { subnets: ['10.0.1.0/24'], gateway: gateway('192.0.2.20') },
  },
  tunnels: [{ sites: ['cloud', 'onpremise'] }],
}

function planOf(network: WrittenNetwork): Plan {
  const { value } = normalize(network)
  const plan = value && planNetwork(value, emptyLock).plan
  if (!plan) throw new Error('there is no plan')
  return plan
}

/** The configuration of a site with its interfaces, as it would run. */
function runningOf(plan: Plan, site: 'cloud' | 'onpremise'): string {
  const { gateways } = renderGateways(plan, { judge, keys: new Map(), showSecrets: false })
  const text = gateways.find(({ policy }) => policy.site === site)?.texts.configure ?? ''
  const [outside, inside] = site === 'cloud' ? ['203.0.113.10', '10.0.1.1/27'] : ['192.0.2.20', '10.0.1.1/24']
  return `set interfaces ethernet eth1 address '${outside}/24'
set interfaces ethernet eth0 address '${inside}'
set protocols static route 0.0.0.0/0 next-hop ${outside.replace(/\d+$/, '1')}
${text}`
}

function drawn(plan: Plan, texts: Partial<Record<'cloud' | 'onpremise', string>>) {
  const named = new Map(Object.entries(texts).map(([site, text]) => [site, { name: `${site}.txt`, text }]))
  const { diffs, findings } = diffGateways(plan, { texts: named, keys: new Map(), showSecrets: false, judge })
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([])
  return diffFigures(plan, diffs).map(({ title, boxes }) => {
    const last = boxes.at(-1)
    return { title, ends: last && [last.title, last.mark, ...last.lines.map(plainLine)].join('; ') }
  })
}

const without = (text: string, words: RegExp) => text.replaceAll(words, '')

describe('before and after of running gateways', () => {
  const plan = planOf(written)
  const [cloud, onpremise] = [runningOf(plan, 'cloud'), runningOf(plan, 'onpremise')]
  const broken = without(cloud, /^set nat source .*\n/gm)

  it('shows what becomes of a packet today beside what the plan does', () => {
    const [before, after, ...more] = drawn(plan, { cloud: broken, onpremise })
    expect(more).toEqual([])
    expect(before?.title).toBe('cloud to onpremise, as it runs')
    expect(before?.ends).toMatch(/^cloud gateway; bad; .*leaves unencrypted/)
    expect(after?.title).toBe('cloud to onpremise, as planned')
    expect(after?.ends).toMatch(/delivered both ways/)
  })

  it('knows nothing of a gateway that was not given', () => {
    const [before] = drawn(plan, { cloud })
    expect(before?.ends).toMatch(/^cloud gateway; changed; .*goes to a gateway that is not known/)
  })

  it('does not know what a line does that it does not understand', () => {
    const odd = `${cloud}set nat source rule 5 source address 10.0.0.0/8\nset nat source rule 5 frobnicate all\n`
    const [before] = drawn(plan, { cloud: odd, onpremise })
    expect(before?.ends).toMatch(/changed; .*not known/)
  })

  it('is silent where packets go as planned', () => {
    expect(drawn(plan, { cloud, onpremise })).toEqual([
      {
        title: 'Nothing changes for packets',
        ends: 'Nothing changes for packets; ; packets go as planned already; cloud to onpremise',
      },
    ])
  })
})
