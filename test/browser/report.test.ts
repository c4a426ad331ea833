import { join } from 'node:path'
import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { natplan, root } from '../support/command.ts'
import { requireBrowser } from '../support/require.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { browserPage } from './page.ts'

const secret = 'S3cr3t-of-a-tunnel'
function reportOf(example: string): string {
  const { status, stdout } = natplan(['report', join(root, 'examples', example, 'natplan.yaml')], {
    env: { NATPLAN_PSK: secret },
  })
  expect(status).toBe(0)
  return stdout
}

/** All spokes have the same /24. */
function hubAndSpokes(count: number) {
  const gateway = (address: string) => ({
    platform: 'vyos-1.4',
    outside: { interface: 'eth1', address },
    inside: { interface: 'eth0' },
  })
  const spokes = Array.from({ length: count }, (_, index) => [
    `spoke${index}`,
    { subnets: ['10.0.0.0/24'], gateway: gateway(`198.51.${100 + (index >> 8)}.${index & 255}`) },
  ])
  return {
    version: 1,
    pools: ['172.16.0.0/12'],
    sites: { hub: { subnets: ['10.9.0.0/24'], gateway: gateway('192.0.2.1') }, ...Object.fromEntries(spokes) },
    tunnels: spokes.map(([name]) => ({ sites: ['hub', name] })),
  }
}

/** What axe-core finds, as the name of its rule and the place. The policy of the page lets no script in but its own, so it is asked from outside. */
async function violations(page: Page): Promise<string[]> {
  const found = (await page.evaluate(`${axe.source};axe.run(document)`)) as {
    violations: { id: string; nodes: { html: string }[] }[]
  }
  return found.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 120)}`))
}

async function open(page: Page, html: string): Promise<{ readonly requests: string[]; readonly messages: string[] }> {
  const file = join(temporaryFolder({ 'report.html': html }), 'report.html')
  const [requests, messages]: [string[], string[]] = [[], []]
  await page.unrouteAll()
  page.on('request', (request) => requests.push(request.url()))
  page.on('console', (message) => messages.push(message.text()))
  await page.goto(`file://${file}`)
  return { requests: requests.filter((url) => url !== `file://${file}`), messages }
}

requireBrowser()('the report in a browser', () => {
  const browser = browserPage()

  it.each(['acceptance', 'hub-and-spokes', 'aws-peer'])(
    '%s: reads well for people who do not see it, asks nobody for anything, and holds no key',
    async (example) => {
      const html = reportOf(example)
      expect(html).not.toContain(secret)
      const { requests, messages } = await open(browser.page, html)
      for (const colorScheme of ['light', 'dark'] as const) {
        await browser.page.emulateMedia({ colorScheme })
        expect(await violations(browser.page)).toEqual([])
      }
      expect([requests, messages]).toEqual([[], []])
    },
  )

  it('says what its parts are for, and all that an approver asks', async () => {
    await open(browser.page, reportOf('acceptance'))
    const headings = await browser.page.locator('h2').allTextContents()
    expect(headings).toEqual([
      'What is wrong today',
      'What is translated',
      'Who calls whom by which addresses',
      'The ways between the sites',
      'What changes, and what breaks meanwhile',
      'In which order, and how to go back',
      'What is configured where',
      'What firewalls must let pass',
      'Proof',
    ])
    expect(await browser.page.locator('main').textContent()).toContain('It is proven that every packet')
    expect(await browser.page.locator('pre').allTextContents()).toContainEqual(
      expect.stringContaining('192.168.2.0/27'),
    )
  })

  it('finds addresses by the keyboard alone', async () => {
    const { page } = browser
    await open(page, reportOf('hub-and-spokes'))
    await page.locator('#search').focus()
    await page.keyboard.type('riga 172')
    expect(await page.locator('#book tbody tr:visible').allTextContents()).toEqual([
      expect.stringContaining('shop-riga'),
    ])
    expect(await page.locator('#found').textContent()).toMatch(/^1 of \d+ rows$/)
    await page.keyboard.press('Control+A')
    await page.keyboard.press('Delete')
    expect(await page.locator('#book tbody tr:visible').count()).toBeGreaterThan(4)
  })

  it('unfolds a configuration, and copies or selects it', async () => {
    const { page } = browser
    await open(page, reportOf('acceptance'))
    const details = page.locator('#sites details').first()
    await details.locator('summary').focus()
    await page.keyboard.press('Enter')
    expect(await details.locator('pre').isVisible()).toBe(true)
    const file = join(root, 'examples', 'acceptance', 'natplan.yaml')
    expect(await details.locator('pre').textContent()).toBe(natplan(['vyatta', '--site', 'cloud', file]).stdout)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await expect.poll(() => details.locator('.copy').textContent()).toMatch(/Copied|Selected/)
  })

  it('begins a page for each site in print, with its configuration unfolded', async () => {
    const { page } = browser
    await open(page, reportOf('spokes-that-talk'))
    await page.emulateMedia({ media: 'print' })
    const breaks = await page.evaluate(() =>
      [...document.querySelectorAll('#sites, .per-site, #firewalls')].map((part) => getComputedStyle(part).breakBefore),
    )
    // The first site stands below the heading of the part, which begins a page too.
    expect(breaks.length).toBeGreaterThan(3)
    expect(breaks).toEqual(['page', 'auto', ...breaks.slice(2).map(() => 'page')])
    await page.evaluate(() =>
      addEventListener('beforeprint', () => {
        document.body.dataset.folded = String(document.querySelectorAll('details:not([open])').length)
      }),
    )
    const pdf = (await page.pdf({ format: 'A4' })).toString('latin1')
    expect((pdf.match(/\/Type\s*\/Page\b(?!s)/g) ?? []).length).toBeGreaterThan(breaks.length)
    expect(await page.evaluate(() => document.body.dataset.folded)).toBe('0')
    expect(await page.locator('details:not([open])').count()).toBeGreaterThan(breaks.length)
    await page.emulateMedia({ media: 'screen' })
  })

  it('is readable on a phone without moving it sideways', async () => {
    const { page } = browser
    await page.setViewportSize({ width: 375, height: 800 })
    await open(page, reportOf('acceptance'))
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(375)
    await page.setViewportSize({ width: 1280, height: 800 })
  })

  it('takes hostile names of files for texts', async () => {
    const plan = 'version: 1\nsites:\n  a: { subnets: [10.0.1.0/24] }\n  b: { subnets: [10.0.1.0/24] }\n'
    const name = '"><b>x<img src=x onerror=alert(1)>.yaml'
    const cwd = temporaryFolder({ [name]: plan })
    const { messages } = await open(browser.page, natplan(['report', name], { cwd }).stdout)
    expect(await browser.page.locator('#changes').textContent()).toContain('<img src=x')
    const found = await browser.page.evaluate(() => [document.title, document.scripts.length, document.images.length])
    expect([found, messages]).toEqual([['a and b', 1, 0], []])
  })
})

describe('natplan report', () => {
  it('writes nothing for a plan with errors', () => {
    const { status, stdout, stderr } = natplan(['report', join(root, 'examples', 'must-not-translate', 'natplan.yaml')])
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr).toContain('error')
  })

  it('is less than 5 MB for 400 sites', () => {
    const cwd = temporaryFolder({ 'natplan.json': JSON.stringify(hubAndSpokes(399)) })
    const { status, stdout } = natplan(['report', 'natplan.json'], { cwd })
    expect(status).toBe(0)
    expect(stdout).toContain('It is proven that every packet')
    expect(Buffer.byteLength(stdout)).toBeLessThan(5_000_000)
  })

  it('is the same again', () => {
    expect(reportOf('acceptance')).toBe(reportOf('acceptance'))
  })
})
