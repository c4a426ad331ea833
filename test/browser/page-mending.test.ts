import { describe, expect, it } from 'vitest'
import { Answers } from '../../packages/page/src/answers/answers.ts'
import { type Given, nothing } from '../../packages/page/src/answers/given.ts'
import { breakNamed } from '../verify/breaks.ts'
import { acceptanceTexts, brokenTexts } from '../verify/configurations.ts'

type Texts = ReadonlyMap<string, { readonly text: string }>

function textsOf(texts: Texts): Pick<Given, 'ours' | 'theirs'> {
  const [ours = { text: '' }, theirs = { text: '' }] = texts.values()
  return { ours: ours.text, theirs: theirs.text }
}

const good = textsOf(acceptanceTexts('vyos-1.4'))
const broken = textsOf(brokenTexts(breakNamed('no IKE proposal in common')))

/** As somebody would have called things who does not know natplan. */
function byHand(text: string): string {
  return text.replace(/natplan-(cloud|onpremise)/g, 'PEER-$1').replace(/^.* description '.*\n/gm, '')
}

async function mendingOf(given: Partial<Given>) {
  return (await new Answers({ ...nothing, ...given }).part('mending'))?.gateways
}

describe('what to enter on gateways that run', () => {
  it('is the one line that differs, under the names that natplan gave them', async () => {
    const [ours, theirs] = (await mendingOf(broken)) ?? []
    expect([ours?.title, ours?.lines]).toEqual(['ours (cloud)', ''])
    expect(ours?.says[0]).toBe('It is as planned: there is nothing to enter.')
    expect([theirs?.title, theirs?.lines]).toEqual([
      'theirs (onpremise)',
      "set vpn ipsec ike-group natplan-cloud proposal 1 encryption 'aes256'\n",
    ])
    expect(theirs?.says).toContain('Not compared: the key for cloud.')
  })

  it('is nothing where both do what is meant', async () => {
    expect((await mendingOf(good))?.map(({ first, lines }) => [first, lines])).toEqual([
      [undefined, ''],
      [undefined, ''],
    ])
  })

  it.each(['vpn ipsec unheard of', 'firewall unheard of'])(
    'is not known to be nothing beside a line that was not understood: set %s',
    async (line) => {
      const [ours, theirs] = (await mendingOf({ ...good, ours: `${good.ours}set ${line}\n` })) ?? []
      const [first, second = ''] = ours?.says ?? []
      expect(first).toMatch(/not known/)
      expect(second).toBe(`Not understood, so not compared: line ${good.ours.split('\n').length}.`)
      expect(theirs?.says.join(' ')).not.toContain('Not understood')
    },
  )

  it('is not known where one of the texts is refused, as the command says nothing then', async () => {
    const gateways = await mendingOf({ ...good, ours: `${good.ours}set nat source rule 7 unheard of\n` })
    expect(gateways?.map(({ lines, says }) => [lines, says[0]?.slice(0, 10)])).toEqual([
      [undefined, 'Not known:'],
      [undefined, 'Not known:'],
    ])
  })

  it.each([
    ['the key', 'not everything arrives'],
    ['the same, where no address is shown and strongSwan may have a route that comes first', 'it is not known whether'],
  ])('is not said to be nothing where packets do not surely arrive: %s', async (name, what) => {
    const texts = textsOf(brokenTexts(breakNamed(name)))
    const { text, runningLock } = await new Answers({ ...nothing, ...texts }).part('plan')
    for (const given of [texts, { ...texts, plan: text, lock: runningLock }])
      expect((await mendingOf(given))?.map(({ lines, says }) => [lines, says[0]])).toEqual([
        ['', expect.stringContaining(what)],
        ['', expect.stringContaining(what)],
      ])
  })

  it('begins with what makes natplan’s own what somebody made by hand', async () => {
    const [ours, theirs] = (await mendingOf({ ours: byHand(good.ours), theirs: byHand(good.theirs) })) ?? []
    expect(ours?.first).toContain(
      "set vpn ipsec site-to-site peer PEER-onpremise description 'natplan: ours to theirs'",
    )
    expect(ours?.lines).toMatch(/^set vpn ipsec .*\n(.*\n)*delete vpn ipsec site-to-site peer PEER-onpremise\n$/)
    expect(theirs?.first).toContain('natplan: theirs to ours')
  })

  it('is what a plan says that was given', async () => {
    const { text, runningLock } = await new Answers({ ...nothing, ...good }).part('plan')
    const plan = text?.replace('preSharedKey:', 'proposal: compatible\n    preSharedKey:')
    const gateways = await mendingOf({ ...good, plan, lock: runningLock })
    expect(gateways?.map(({ lines }) => lines)).toEqual([
      expect.stringMatching(/^set vpn ipsec ike-group natplan-onpremise proposal 1 dh-group '14'$/m),
      expect.stringMatching(/^set vpn ipsec ike-group natplan-cloud proposal 1 dh-group '14'$/m),
    ])
    expect((await mendingOf({ ...good, plan: text, lock: runningLock }))?.map(({ lines }) => lines)).toEqual(['', ''])
  })

  it('is not known without a plan, and of a gateway that the plan does not have', async () => {
    const noPlan = await mendingOf({ ...good, plan: 'version: 1\nsites: 7\n' })
    const others = await mendingOf({ ...good, plan: 'version: 1\nsites: { a: { subnets: [10.0.0.0/8] } }\n' })
    for (const gateways of [noPlan, others])
      expect(gateways?.map(({ lines, says }) => [lines, says[0]?.slice(0, 10)])).toEqual([
        [undefined, 'Not known:'],
        [undefined, 'Not known:'],
      ])
  })

  it('is not asked of lists', async () => {
    expect(await mendingOf({ ours: '10.0.1.0/27', theirs: '10.0.1.0/24' })).toBeUndefined()
  })
})
