import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type PictureWish, pictureFigures, type pictureFormats, pictureText } from '@natplan/app'
import { normalize, type Plan, planNetwork, type SiteName } from '@natplan/core'
import { instance } from '@viz-js/viz'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { root } from '../support/command.ts'
import { invisible } from '../support/invisible.ts'
import type { Written } from '../support/policies.ts'
import { formedPlans, plansThatHide } from '../support/random-plans.ts'
import { requireBrowser } from '../support/require.ts'
import { drawioFaults } from './drawio.ts'
import { browserPage } from './page.ts'
import { faultsOf, paleTexts } from './seen-picture.ts'

const drawn = [
  ...readdirSync(join(root, 'examples')).map((name) => join('examples', name, 'picture.svg')),
  ...readdirSync(join(root, 'docs', 'pictures')).map((name) => join('docs', 'pictures', name)),
]

function picture(written: Written, wish: PictureWish, format: (typeof pictureFormats)[number] = 'svg'): string {
  const { value } = normalize({ version: 1, ...written })
  if (!value) throw new Error('the network is wrong')
  return pictureText(pictureFigures({ network: value, ...planNetwork(value) }, wish).figures, format)
}

const wholePlan = { kind: 'plan', around: undefined, unfold: false } as const

/** A hub and so many branches, every second of which collides. */
function star(count: number, hostile = 'LAN'): Written {
  const branches = Array.from({ length: count }, (_, index) => [
    `branch-${index}`,
    { subnets: [{ prefix: index % 2 ? '10.0.1.0/24' : `10.7.${index % 250}.0/24`, name: hostile }] },
  ])
  const sites = { hub: { subnets: ['10.99.0.0/24'] }, ...Object.fromEntries(branches) }
  return { sites, tunnels: branches.map(([name]) => ({ sites: ['hub', String(name)] as [string, string] })) }
}

const hostile = [
  '"><script>document.title="run"</script>',
  '</text><script>1</script>&amp;',
  'a\u202eb\u0000\u001b[31m',
  'ŽŠ漢字🦊'.repeat(9),
  '<b onload=x>',
  ']]>',
]

requireBrowser()('pictures in a browser', () => {
  const browser = browserPage()

  it.each(drawn)('%s: every text is in its frame, and none is above another', async (file) => {
    expect(await faultsOf(browser.page, readFileSync(join(root, file), 'utf8'))).toEqual([])
  })

  it.each([2, 10, 12, 13, 40, 400])('a hub with %i branches', async (count) => {
    expect(await faultsOf(browser.page, picture(star(count), wholePlan))).toEqual([])
  })

  it('40 branches unfolded, and one with its peers', async () => {
    const unfolded = picture(star(40), { ...wholePlan, unfold: true })
    expect(await faultsOf(browser.page, unfolded)).toEqual([])
    expect(unfolded.match(/class="site"/g)).toHaveLength(41)
    const around = picture(star(40), { ...wholePlan, around: 'branch-7' })
    expect(await faultsOf(browser.page, around)).toEqual([])
    expect(around.match(/class="site"/g)).toHaveLength(2)
  })

  it('random plans of every form, with the way between two of their sites and what changes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(formedPlans, plansThatHide), async (plan) => {
        for (const wish of wishesOf(plan)) {
          const { figures } = pictureFigures({ plan, network: plan.network, overlaps: plan.overlaps }, wish)
          if (figures.length > 0) expect(await faultsOf(browser.page, pictureText(figures, 'svg'))).toEqual([])
        }
      }),
      { numRuns: 25 },
    )
  })

  it('hostile names are texts', async () => {
    const messages: string[] = []
    browser.page.on('console', (message) => messages.push(message.text()))
    for (const name of hostile) {
      const svg = picture(star(3, name), wholePlan)
      expect(await faultsOf(browser.page, svg)).toEqual([])
      const found = await browser.page.evaluate(() => [
        document.title,
        document.scripts.length,
        document.querySelectorAll('b').length,
      ])
      expect(found).toEqual(['', 0, 0])
      expect(svg).not.toMatch(invisible)
    }
    expect(messages).toEqual([])
  })

  it.each(['light', 'dark'] as const)('every text can be read on %s screens', async (colorScheme) => {
    await browser.page.emulateMedia({ colorScheme })
    for (const file of drawn) expect(await paleTexts(browser.page, readFileSync(join(root, file), 'utf8'))).toEqual([])
  })

  it('is black on white in print, whatever the screen', async () => {
    await browser.page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    expect(await paleTexts(browser.page, picture(star(3), wholePlan))).toEqual([])
    const paper = await browser.page.evaluate(
      () => getComputedStyle(document.querySelector('.paper') ?? document.body).fill,
    )
    expect(paper).toBe('rgb(255, 255, 255)')
    await browser.page.emulateMedia({ media: 'screen', colorScheme: 'light' })
  })

  it('draw.io files keep to its format', async () => {
    for (const written of [star(3, hostile[0]), star(3, hostile[2]), star(40)]) {
      expect(await drawioFaults(browser.page, picture(written, wholePlan, 'drawio'))).toEqual([])
    }
    expect(await drawioFaults(browser.page, '<mxfile><diagram/></mxfile>')).not.toEqual([])
  })
})

it('Graphviz reads what is written for it', async () => {
  const viz = await instance()
  for (const written of [star(3), ...hostile.map((name) => star(2, name)), star(40)]) {
    const { errors, output } = viz.render(picture(written, wholePlan, 'dot'))
    expect(errors.filter(({ level }) => level === 'error')).toEqual([])
    expect(output).toContain('hub')
  }
})

function wishesOf({ network, peers }: Plan): PictureWish[] {
  const [one, ...others] = [...network.sites.keys()]
  const other = others.find((name) => one !== undefined && peers.areJoined(one, name))
  const way: PictureWish[] =
    one !== undefined && other !== undefined && canCall([one, other], network)
      ? [{ kind: 'tunnel', sites: [one, other] }]
      : []
  return [wholePlan, { kind: 'changes' }, ...way]
}

/** Whether the second site has subnets that do not hide, of a family that the first has. */
function canCall([one, other]: readonly [SiteName, SiteName], { sites }: Plan['network']): boolean {
  const families = new Set(sites.get(one)?.subnets.map(({ prefix }) => prefix.family))
  return sites.get(other)?.subnets.some(({ prefix, hideBehind }) => !hideBehind && families.has(prefix.family)) ?? false
}
