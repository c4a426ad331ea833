import * as fc from 'fast-check'
import { it } from 'vitest'
import { formedPlans, plans, plansThatHide } from '../support/random-plans.ts'
import { complaintsOf } from './device.ts'
import { resultsOf } from './results.ts'

it('explores', () => {
  const seen = new Map<string, number>()
  let count = 0
  const example = new Map<string, string>()
  for (const [kind, all] of Object.entries({ plans, formedPlans, plansThatHide })) {
    for (const plan of fc.sample(all, 120)) {
      for (const { member, others, configure, remove } of resultsOf(plan)) {
        count++
        for (const [what, text] of [['configure', [configure]], ['remove', [configure, remove]]] as const) {
          for (const complaint of complaintsOf(member, { others, texts: text })) {
            const short = `${member} ${what} ${complaint.replace(/[\d.:]+(\/\d+)?/g, 'N')}`
            seen.set(short, (seen.get(short) ?? 0) + 1)
            example.set(short, complaint)
          }
        }
      }
    }
  }
  console.log(count, [...seen].sort((a, b) => b[1] - a[1]).slice(0, 80).map(([k, n]) => `${n} ${k}   e.g. ${example.get(k)}`).join('\n'))
})
