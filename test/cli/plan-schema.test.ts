import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { root } from '../support/command.ts'

it('takes a plan with defaults, and wants all without them', () => {
  const schema = JSON.parse(readFileSync(join(root, 'schema', 'natplan.schema.json'), 'utf8')) as object
  const fits = new Ajv2020({ strict: false }).compile(schema)
  const plan = parse(readFileSync(join(root, 'examples', 'many-sites', 'natplan.yaml'), 'utf8')) as object
  expect(fits(plan)).toBe(true)
  const { defaults, ...without } = plan as { defaults: object }
  expect(fits({ ...without, sites: { a: { subnets: [], gateway: { platform: 'generic' } } } })).toBe(false)
  expect(fits({ ...plan, sites: { a: { subnets: [], gateway: { platform: 'generic' } } } })).toBe(true)
  expect(fits({ ...plan, 'y-note': 1 })).toBe(false)
})
