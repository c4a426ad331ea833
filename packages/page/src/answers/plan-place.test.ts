import { describe, expect, it } from 'vitest'
import { helpAt, placeAt, wordAt } from './plan-place.ts'

/** The text without its mark `|`, and where the mark was. */
function marked(text: string): [string, number] {
  return [text.replace('|', ''), text.indexOf('|')]
}

describe('the place in a plan file', () => {
  it.each([
    ['the top', 'version: 1\nsi|', [], 'si', false],
    ['below a site', 'sites:\n  cloud:\n    |', ['sites', 'cloud'], '', false],
    ['a site beside another', 'sites:\n  cloud:\n    subnets: [10.0.0.0/8]\n  |', ['sites'], '', false],
    [
      'below what is deeper',
      'sites:\n  a:\n    gateway:\n      inside: { interface: eth0 }\n    res|',
      ['sites', 'a'],
      'res',
      false,
    ],
    ['in braces', 'sites:\n  a:\n    gateway: { platform: linux, out| }', ['sites', 'a', 'gateway'], 'out', false],
    [
      'in braces in braces',
      'sites:\n  a:\n    gateway: { outside: { inter',
      ['sites', 'a', 'gateway', 'outside'],
      'inter',
      false,
    ],
    [
      'behind braces that are closed',
      'sites:\n  a: { gateway: { outside: { address: 192.0.2.1 }, |',
      ['sites', 'a', 'gateway'],
      '',
      false,
    ],
    ['a value', 'sites:\n  a:\n    gateway:\n      platform: vy|', ['sites', 'a', 'gateway', 'platform'], 'vy', true],
    ['a value in braces', 'sites:\n  a:\n    gateway: { platform: |', ['sites', 'a', 'gateway', 'platform'], '', true],
    ['an item of a list', 'tunnels:\n  - sites: [a, b]\n    |', ['tunnels', '*'], '', false],
    ['the begin of an item', 'tunnels:\n  - mo|', ['tunnels', '*'], 'mo', false],
    ['an item in braces', 'sites:\n  a:\n    subnets:\n      - { pre|', ['sites', 'a', 'subnets', '*'], 'pre', false],
    [
      'an item in brackets',
      'sites:\n  a:\n    subnets: [{ prefix: 10.0.0.0/8, tr|',
      ['sites', 'a', 'subnets', '*'],
      'tr',
      false,
    ],
  ])('is known at %s', (_, text, path, typed, isValue) => {
    const [whole, at] = text.includes('|') ? marked(text) : [text, text.length]
    expect(placeAt(whole, at)).toEqual({ path, typed, isValue })
  })
})

describe('help', () => {
  it.each([
    ['keys of a gateway', 'sites:\n  a:\n    gateway:\n      |', ['platform', 'outside', 'inside']],
    ['platforms', 'sites:\n  a:\n    gateway:\n      platform: vyos|', ['vyos-1.5', 'vyos-1.4', 'vyos-1.3']],
    ['keys of a tunnel', 'tunnels:\n  - sites: [a, b]\n    m|', ['mode']],
    ['a form of several', 'sites:\n  a:\n    subnets:\n      - { translate|', ['translateTo']],
  ])('offers %s', (_, text, offers) => {
    const help = helpAt(...marked(text)).offers.map((offer) => offer.text)
    expect(help).toEqual(expect.arrayContaining(offers))
  })

  it('says what a key is for, and offers nothing where anything may be written', () => {
    const [text, at] = marked('sites:\n  a:\n    subnets:\n      - { prefix: 10.0.0.0/8, name: |')
    const help = helpAt(text, at)
    expect([help.about, help.offers]).toEqual([expect.stringContaining('name for people'), []])
  })

  it('offers nothing at a place that no plan has', () => {
    expect(helpAt(...marked('nothing:\n  here:\n    |')).offers).toEqual([])
  })
})

describe('a word', () => {
  const plan =
    'version: 1\nsites:\n  cloud: # reserved: nothing\n    subnets:\n      - { prefix: 10.0.0.0/8, name: "warehouse" }\n    gateway: { platform: linux }\ntunnels:\n  - sites: [cloud, other]\n    mode: policy\n'

  it.each([
    ['platform', ['sites', 'cloud', 'gateway', 'platform'], /configuration language|platform|gateway/i],
    ['linux', ['sites', 'cloud', 'gateway', 'platform'], /configuration language|platform|gateway/i],
    ['gateway', ['sites', 'cloud', 'gateway'], /endpoint/],
    ['prefix', ['sites', 'cloud', 'subnets', '*', 'prefix'], /./],
    ['warehouse', ['sites', 'cloud', 'subnets', '*', 'name'], /name for people/],
    ['mode', ['tunnels', '*', 'mode'], /./],
    ['cloud, other', ['tunnels', '*', 'sites', '*'], /./],
  ])('is known where it stands: %s', (word, path, about) => {
    const at = plan.indexOf(word)
    const found = wordAt(plan, at + 1)
    expect(found).toEqual({
      from: at,
      to: at + (/^[\w]+/.exec(word)?.[0].length ?? 0),
      path,
      about: expect.stringMatching(about),
    })
    expect(wordAt(plan, at)).toEqual(found)
  })

  it.each([
    ['a blank', plan.indexOf('    subnets') + 1],
    ['a comment', plan.indexOf('reserved')],
    ['a brace', plan.indexOf('{ prefix') + 1],
    ['the end', plan.length],
    ['a name that somebody chose', plan.indexOf('cloud')],
  ])('is none at %s', (_, at) => {
    expect(wordAt(plan, at)).toBeUndefined()
  })

  it('is none that the schema does not have', () => {
    expect(wordAt('sitse:\n  cloud: {}\n', 2)).toBeUndefined()
  })
})
