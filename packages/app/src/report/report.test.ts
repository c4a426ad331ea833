import { createHash } from 'node:crypto'
import { findingOf, inPlan, nodeRoutes, type WrittenNetwork } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { leftFiles } from '../gateways/left-files.ts'
import { renderGateways } from '../gateways/render-gateways.ts'
import { planOf, readLockText, readNetworkText, withLock } from '../plan/read-plan.ts'
import { meanwhile } from './meanwhile.ts'
import { report } from './report.ts'
import { digests, reportScript, reportStyle } from './report-assets.ts'

it('its style and its script are those that its policy lets in', () => {
  const digestOf = (text: string) => `sha256-${createHash('sha256').update(text).digest('base64')}`
  expect(digests).toEqual({ style: digestOf(reportStyle), script: digestOf(reportScript) })
})

const judge = () => ({ findings: [], accepts: [] })

function made(written: Omit<WrittenNetwork, 'version'>, lock?: object) {
  const text = readNetworkText({ name: 'natplan.yaml', text: stringify({ version: 1, ...written }) })
  const locked = readLockText(lock && { name: 'natplan.lock.yaml', text: stringify(lock) })
  const loaded = planOf(withLock(text, locked))
  const { plan } = loaded
  if (!plan) throw new Error(JSON.stringify(loaded.findings))
  const rendered = renderGateways(plan, { judge, keys: new Map(), showSecrets: false })
  const clusters = nodeRoutes(plan).routings
  const left = leftFiles(new Map(), plan, { gateways: rendered.gateways, clusters })
  const html = report({ plan, loaded, rendered, clusters, left, lockPath: 'natplan.lock.yaml' })
  return { html, plan, rendered }
}

const sides = { outside: { interface: 'eth1' }, inside: { interface: 'eth0' } }

function star(count: number): Omit<WrittenNetwork, 'version'> {
  const gateway = (address: string) => ({
    platform: 'vyos-1.4' as const,
    ...sides,
    outside: { ...sides.outside, address },
  })
  const names = Array.from({ length: count }, (_, index) => `spoke-${index}`)
  const spokes = names.map((name, index) => [
    name,
    { subnets: ['10.0.0.0/24'], gateway: gateway(`198.51.${100 + (index >> 8)}.${index & 255}`) },
  ])
  return {
    pools: ['172.16.0.0/12'],
    sites: { hub: { subnets: ['10.9.0.0/24'], gateway: gateway('192.0.2.1') }, ...Object.fromEntries(spokes) },
    tunnels: names.map((name) => ({ sites: ['hub', name] })),
  }
}

/** A part of the page as its reader sees it. */
function partOf(html: string, id: string): string {
  const part = new RegExp(`<section id="${id}".*?</section>`, 's').exec(html)?.[0] ?? ''
  return part
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&gt;', '>')
    .replace(/[ \t]+/g, ' ')
}

describe('report', () => {
  const two = made(star(1))

  it('has every line of every gateway, whole', () => {
    const shown = partOf(two.html, 'sites')
      .split('\n')
      .map((line) => line.trim())
    for (const { texts } of two.rendered.gateways) {
      const lines = [texts.configure, texts.check, texts.remove].join('').split('\n')
      expect(lines.map((line) => line.trim()).filter((line) => !shown.some((one) => one.includes(line)))).toEqual([])
    }
  })

  it('says of every check what it found, of all packets what becomes of them, and what is not known', () => {
    const proof = partOf(two.html, 'proof')
    expect(proof).toContain('Whether both ends of a tunnel have the same key: no key was read for this page.')
    expect(proof).toMatch(/Every check \(\d+\)/)
    expect(proof).toMatch(/No offer can be broken, the last one included\. nothing/)
    expect(proof).toMatch(/hub spoke-0 10\.9\.0\.0\/24 → 10\.0\.0\.0\/24 delivered both ways/)
    expect(proof).toMatch(/spoke-0 hub 10\.0\.0\.0\/24 → 10\.9\.0\.0\/24 delivered both ways/)
    expect(proof).not.toContain('no gateway in the plan at both ends')
  })

  it('names what checks found', () => {
    const weak = { encryption: 'aes256', hash: 'sha1', dhGroup: 14 } as const
    const proposal = { ike: weak, esp: { encryption: 'aes256', hash: 'sha1', dhGroup: 14 } as const }
    const written = star(1)
    const { html } = made({ ...written, tunnels: (written.tunnels ?? []).map((one) => ({ ...one, proposal })) })
    expect(partOf(html, 'proof')).toMatch(/No offer can be broken, the last one included\. PROPOSAL_WEAK/)
  })

  it('tells where packets may leave in clear meanwhile', () => {
    const { plan, rendered } = two
    const leak = findingOf('TUNNEL_MAY_LEAK', inPlan([]), { message: '', about: { site: 'hub' } })
    expect(meanwhile(plan, { gateways: rendered.gateways, findings: [leak], changes: [] })).toContain(
      'what is sent from hub may leave in clear (TUNNEL_MAY_LEAK)',
    )
    expect(partOf(two.html, 'changes')).toContain('is dropped, not sent in clear')
  })

  it('does not say that checks found nothing where there was nothing to look at', () => {
    const { html } = made({
      sites: { a: { subnets: ['10.0.1.0/24'] }, b: { subnets: ['10.0.1.0/24'] } },
      tunnels: [{ sites: ['a', 'b'] }],
    })
    const proof = partOf(html, 'proof')
    expect(proof).toContain('Whether packets arrive between a and b: there is no gateway in the plan at both ends.')
    expect(proof).not.toContain('Every check')
    expect(partOf(html, 'changes')).not.toContain('in clear')
  })

  it('says whom peers must call by other addresses', () => {
    const entry = (translated: string) => ({ translated, translatedFor: ['hub'] })
    const lock = { version: 1, sites: { 'spoke-0': { '10.0.0.0/24': entry('172.20.0.0/24') } } }
    const pinned = star(1)
    const written = {
      ...pinned,
      sites: {
        ...pinned.sites,
        'spoke-0': { ...pinned.sites['spoke-0'], subnets: [{ prefix: '10.0.0.0/24', translateTo: '172.21.0.0/24' }] },
      },
    }
    expect(partOf(made(written as typeof pinned, lock).html, 'changes')).toContain(
      'Peers must call 1 subnet by other addresses from then on (spoke-0)',
    )
  })

  it('says once what is alike at many gateways, and names all of them', () => {
    const { html } = made(star(20))
    expect(html.match(/Peers call hosts here: forward filter/g)?.length).toBeLessThanOrEqual(4)
    for (let index = 0; index < 20; index++) expect(partOf(html, 'firewalls')).toContain(`spoke-${index} `)
  })
})
