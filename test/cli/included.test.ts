import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { natplan } from '../support/command.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const site = (name: string, subnet: string) => `  ${name}: { subnets: [${subnet}] }\n`
const north = `sites:\n${site('a', '10.0.0.0/24')}`
const south = `version: 1\nx-owner: south\navoid: [192.168.7.0/24]\nsites:\n${site('b', '10.0.0.0/24')}tunnels: [{ sites: [a, b] }]\n`

const planWith = (include: string) =>
  `version: 1\ninclude: ${include}\nsites:\n${site('c', '10.9.0.0/24')}tunnels: [{ sites: [a, c] }]\n`

function planned(files: Record<string, string>, options: { input?: string; links?: Record<string, string> } = {}) {
  const { links = {}, input } = options
  const cwd = join(temporaryFolder(), 'plan')
  mkdirSync(cwd)
  const inside = temporaryFolder({ ...files, 'outside/x.yaml': north })
  for (const [name, target] of Object.entries(links)) symlinkSync(target, join(inside, name))
  const outcome = natplan(input === undefined ? ['plan', '--output', 'json'] : ['plan', '-'], {
    cwd: inside,
    ...(input === undefined ? {} : { input }),
  })
  const told = [...outcome.stderr.matchAll(/^(\S.*? (?:error|risk|note) [A-Z0-9_]+) (.*)$/gm)].map(
    ([, what = '', words = '']) => `${what} ${words}`,
  )
  return { ...outcome, told }
}

describe('a plan in several files', () => {
  it.each([
    '[sites/north.yaml, sites/south.yaml]',
    '["sites/*.yaml"]',
    '["sites/*", sites/north.yaml]',
    '["sites/*th*"]',
  ])('is the same as in one, with %s', (include) => {
    const one = planned({
      'natplan.yaml': `version: 1\navoid: [192.168.7.0/24]\nsites:\n${site('a', '10.0.0.0/24')}${site('b', '10.0.0.0/24')}${site('c', '10.9.0.0/24')}tunnels: [{ sites: [a, c] }, { sites: [a, b] }]\n`,
    })
    const several = planned({ 'natplan.yaml': planWith(include), 'sites/north.yaml': north, 'sites/south.yaml': south })
    expect(several.told).toEqual([])
    expect(several.status).toBe(0)
    expect(several.stdout).toBe(one.stdout)
  })

  it('leaves the plan and its lock out of what a pattern means', () => {
    const { status, told } = planned({
      'natplan.yaml': planWith('["*.yaml"]'),
      'natplan.lock.yaml': 'version: 1\n',
      'north.yaml': north,
    })
    expect(told).toEqual([])
    expect(status).toBe(0)
  })

  it('has each problem in the file where it is', () => {
    const { told } = planned({
      'natplan.yaml': `${planWith('["sites/*.yaml"]')}pools: [10.0.0.5/8]\n`,
      'sites/1.yaml': 'sites:\n  a: { subnets: [10.0.0.5/24] }\n',
      'sites/2.yaml': 'sties:\n  b: { subnets: [10.0.0.0/24], gatway: 1 }\n',
      'sites/3.yaml':
        'avoid: [192.168.0.0/33]\ntunnels:\n  - { sites: [a, x] }\n  - { sites: [a, b], modee: route, ike: { version: 3 } }\n',
      'sites/4.yaml': 'sites: { d: { subnets: [], subnets: [] } }\n',
    })
    expect(told.map((text) => text.split(' ').slice(0, 3).join(' ')).sort()).toEqual([
      'natplan.yaml:6:9 error PREFIX_HOST_BITS',
      'sites/1.yaml:2:18 error PREFIX_HOST_BITS',
      'sites/2.yaml:1:1 error KEY_UNKNOWN',
      'sites/2.yaml:2:32 error KEY_UNKNOWN',
      'sites/3.yaml:1:9 error PREFIX_LENGTH_INVALID',
      'sites/3.yaml:3:18 error SITE_UNKNOWN',
      'sites/3.yaml:4:22 error KEY_UNKNOWN',
      'sites/3.yaml:4:52 error VALUE_WRONG',
      'sites/4.yaml:1:28 error KEY_DUPLICATE',
    ])
  })

  it('has the positions in SARIF too', () => {
    const cwd = temporaryFolder({
      'natplan.yaml': planWith('[a.yaml]'),
      'a.yaml': 'sites:\n  a: { subnets: [10.0.0.5/24] }\n',
    })
    const { stdout } = natplan(['plan', '--format', 'sarif'], { cwd })
    expect(JSON.parse(stdout).runs[0].results[0].locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'a.yaml' },
      region: { startLine: 2, startColumn: 18 },
    })
  })

  it('has defaults for all of them', () => {
    const defaults = 'defaults: { tunnel: { proposal: modrn } }\n'
    const { told } = planned({ 'natplan.yaml': `${planWith('["sites/*"]')}${defaults}`, 'sites/a.yaml': north })
    expect(told).toEqual([expect.stringMatching(/^natplan\.yaml:6:33 error VALUE_WRONG defaults\.tunnel\.proposal: /)])
  })

  it.each<[string, Record<string, string>, Record<string, string>, string]>([
    ['[sites/none.yaml]', {}, {}, 'natplan.yaml:2:11 error FILE_NOT_FOUND'],
    ['["none/*.yaml"]', {}, {}, 'natplan.yaml:2:11 error INCLUDE_UNFIT'],
    ['["../x.yaml"]', {}, {}, 'natplan.yaml:2:11 error INCLUDE_UNFIT'],
    ['["sites/../../x.yaml"]', {}, {}, 'natplan.yaml:2:11 error INCLUDE_UNFIT'],
    ['[/etc/hostname]', {}, {}, 'natplan.yaml:2:11 error INCLUDE_UNFIT'],
    ['["*/a.yaml"]', {}, {}, 'natplan.yaml:2:11 error INCLUDE_UNFIT'],
    ['[natplan.yaml]', {}, {}, 'natplan.yaml:2:11 error INCLUDE_UNFIT'],
    ['[sites]', { 'sites/a.yaml': north }, {}, 'natplan.yaml:2:11 error FILE_UNREADABLE'],
    ['[a.yaml]', {}, { 'a.yaml': '/etc/hostname' }, 'natplan.yaml:2:11 error FILE_IS_LINK'],
    ['[sites/hostname]', {}, { sites: '/etc' }, 'natplan.yaml:2:11 error FILE_IS_LINK'],
    ['[a.yaml]', { 'a.yaml': 'a: b: c\n' }, {}, 'a.yaml:1:4 error YAML_SYNTAX'],
    ['[a.yaml]', { 'a.yaml': '- a\n' }, {}, 'a.yaml:1:1 error INCLUDE_UNFIT'],
    ['[a.yaml]', { 'a.yaml': `include: [b.yaml]\n${north}` }, {}, 'a.yaml:1:1 error INCLUDE_UNFIT'],
    ['[a.yaml]', { 'a.yaml': `defaults: {}\n${north}` }, {}, 'a.yaml:1:1 error INCLUDE_UNFIT'],
    ['[a.yaml]', { 'a.yaml': `version: 2\n${north}` }, {}, 'a.yaml:1:10 error VERSION_UNSUPPORTED'],
    ['[a.yaml]', { 'a.yaml': `${north}pools: 4\n` }, {}, 'a.yaml:3:8 error VALUE_WRONG'],
    ['[4]', {}, {}, 'natplan.yaml:2:11 error VALUE_WRONG'],
    ['a.yaml', { 'a.yaml': north }, {}, 'natplan.yaml:2:10 error VALUE_WRONG'],
  ])('refuses %s with %j %j: %s', (include, files, links, problem) => {
    const { status, told } = planned({ 'natplan.yaml': planWith(include), ...files }, { links })
    expect(told.map((text) => text.split(' ').slice(0, 3).join(' '))).toEqual([problem])
    expect(status).toBe(1)
  })

  it('follows a link to a file of its own folder', () => {
    const { status } = planned(
      { 'natplan.yaml': planWith('[a.yaml]'), 'sites/a.yaml': north },
      { links: { 'a.yaml': 'sites/a.yaml' } },
    )
    expect(status).toBe(0)
  })

  it('is not read from standard input', () => {
    const { status, told } = planned({ 'a.yaml': north }, { input: planWith('[a.yaml]') })
    expect(status).toBe(1)
    expect(told).toEqual([expect.stringContaining('INCLUDE_UNFIT include[0]: ')])
  })

  it('names both files that have a site', () => {
    const { stderr } = planned({ 'natplan.yaml': planWith('["*.yaml"]'), 'a.yaml': north, 'b.yaml': `\n${north}` })
    expect(stderr).toContain('b.yaml:3:3 error SITE_DUPLICATE sites.a: the site "a" is in a.yaml and in b.yaml')
    expect(stderr).toContain('a.yaml:2:3 it is here already')
  })
})
