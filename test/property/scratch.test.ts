import { type Device, derivePolicies, flowsOfPlan, verify, worldOfDevices, worldOfPlan, fulfils, normalize, planNetwork } from '@natplan/core'
import { platformModule, Secret } from '@natplan/templates'
import * as fc from 'fast-check'
import { it } from 'vitest'
import { formedWritten, hidingWritten } from '../support/random-plans.ts'
import { surroundingsOf } from '../support/surroundings.ts'
import { sourceOf, textsOf } from '../verify/configurations.ts'
import { stringify } from 'yaml'
import { writeFileSync, mkdirSync } from 'node:fs'

const unavoidable = new Map([['TUNNEL_MAY_LEAK', 'TUNNEL_MAY_LEAK'],['PROPOSAL_WEAK', 'PROPOSAL_WEAK'],['ROUTE_SINGLE_ADDRESS', 'ROUTE_SINGLE_ADDRESS'],['MSS_BY_HAND', 'MSS_MISSING']])
it('scratch', { timeout: 1e9 }, () => {
  const kinds = new Map<string, { n: number; size: number; text: string }>()
  let total = 0, planned = 0, seconds = 0, transits = 0
  const which = process.env['WHICH'] === 'hide' ? hidingWritten : formedWritten
  for (const written of fc.sample(which, { numRuns: Number(process.env['RUNS'] ?? 200), seed: Number(process.env['SEED'] ?? 1) })) {
    total++
    const { value, findings: nf } = normalize({ version: 1, ...written })
    const plan = value && planNetwork(value).plan
    if (!plan) { const c = 'NOPLAN ' + [...nf, ...(value ? planNetwork(value).findings : [])].filter((f) => f.severity === 'error').map((f) => f.code).sort().join(','); const k = kinds.get(c); kinds.set(c, { n: (k?.n ?? 0) + 1, size: 0, text: '' }); continue }
    const derived = derivePolicies(plan)
    if (derived.findings.some((f) => f.code === 'TUNNEL_EMPTY')) continue
    const hides = plan.mappings.some(({ kind }) => kind === 'many-to-one')
    if (hides && derived.findings.some((f) => f.code === 'ROUTE_SINGLE_ADDRESS')) continue
    const errs = derived.findings.filter((f) => f.severity === 'error')
    if (errs.length) { const c = 'NOPOLICY ' + errs.map((f) => f.code + ' ' + f.message.replace(/site\d/g, 'S')).slice(0, 1); const k = kinds.get(c); kinds.set(c, { n: (k?.n ?? 0) + 1, size: 0, text: '' }); continue }
    planned++
    if (written.tunnels?.some((t) => t.uplinks)) seconds++
    if (written.tunnels?.some((t) => t.through)) transits++
    const said: (string | undefined)[] = derived.findings.map(({ code }) => unavoidable.get(code))
    if (hides) said.push('NAT_ONE_WAY')
    for (const wished of [false, true]) {
      const { texts, policies } = textsOf(plan)
      const isSur = wished || policies.some(({ tunnels }) => tunnels.some(({ through }) => through?.kind === 'route' && through.takes === 'any'))
      const by = new Map(policies.map(({ site: name, platform }) => {
        const site = plan.network.sites.get(name)
        const around = isSur && site?.gateway ? surroundingsOf(site.gateway, site.subnets) : ''
        return [name as string, { platform, text: `${texts.get(name) ?? ''}\n${around}` }]
      }))
      const mtus = new Map([...plan.network.sites.values()].flatMap(({ name, gateway }) => (gateway ? [[name as string, gateway.outside.mtu] as const] : [])))
      const world = worldOfPlan(plan, new Map<string, Device>([...by].map(([s, t]) => [s, sourceOf(s, t).device])))
      const outs = {
        texts: verify(worldOfDevices([...by].map(([s, t]) => sourceOf(s, t))).world, { mtus }),
        plan: verify(world, { flows: flowsOfPlan(plan, world), mtus }),
      }
      for (const [how, { result, findings }] of Object.entries(outs)) {
        const unexpected = findings.filter(({ code, severity }) => severity === 'error' || !said.includes(code))
        if (unexpected.length === 0 && result === 'proven') continue
        const key = `${how} ${result} ${[...new Set(unexpected.map(({ code }) => code))].sort().join(',')}`
        const k = kinds.get(key)
        const text = `# ${key}\n${unexpected.map((f) => `# ${f.code} ${f.message} [${(f as any).line ?? ''}]`).join('\n')}\n${stringify({ version: 1, ...written }, { aliasDuplicateObjects: false })}`
        if (!k || k.size > text.length) kinds.set(key, { n: (k?.n ?? 0) + 1, size: text.length, text })
        else k.n++
      }
    }
  }
  mkdirSync('/tmp/scr', { recursive: true })
  let i = 0
  console.log({ total, planned, seconds, transits })
  for (const [key, { n, text }] of [...kinds].sort((a, b) => b[1].n - a[1].n)) { console.log(n, i, key); if (text) writeFileSync(`/tmp/scr/${i}.yaml`, text); i++ }
})
