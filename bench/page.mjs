// How long somebody who types into the page waits, in Chromium: from the key to the mapping that shows it, for plans of 100 and of 1,000 sites; the first
// paint from disk; and the overlaps of 100,000 pasted prefixes. Medians of the rounds.
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { goals, told } from './goals.mjs'
import { median } from './timed.mjs'

const rounds = Number(process.argv[2] ?? 5)
const file = fileURLToPath(new URL('../packages/cli/dist/natplan.html', import.meta.url))

/** Spokes that all use the same /24 around one hub; `changing` is what is typed at. */
function star(sites, changing) {
  const spokes = Array.from({ length: sites - 1 }, (_, index) => `s${index}`)
  const hub = `  hub: { subnets: [10.9.${changing}.0/24, 10.0.0.0/24] }\n`
  const others = spokes.map((name) => `  ${name}: { subnets: [10.0.0.0/24, 10.0.1.${'0/28'}] }\n`).join('')
  const tunnels = spokes.map((name) => `  - sites: [hub, ${name}]\n`).join('')
  return `version: 1\nsites:\n${hub}${others}tunnels:\n${tunnels}`
}

function many(count, from) {
  return Array.from({ length: count }, (_, index) => `${from}.${(index >> 8) & 255}.${index & 255}.0/24`).join('\n')
}

/** From the input to the first text of the results that is another one, in ms. */
function typed(page, id, text) {
  return page.evaluate(
    ({ id, text }) =>
      new Promise((resolve) => {
        const box = document.getElementById(id)
        const results = document.querySelector('.results')
        const tables = () => [...results.querySelectorAll('.panel')].map(({ textContent }) => textContent).join()
        const before = tables()
        const start = performance.now()
        const look = new MutationObserver(() => {
          if (tables() === before) return
          look.disconnect()
          resolve(performance.now() - start)
        })
        look.observe(results, { subtree: true, childList: true, characterData: true })
        box.value = text
        box.dispatchEvent(new InputEvent('input', { bubbles: true }))
      }),
    { id, text },
  )
}

async function opened(browser) {
  const page = await browser.newPage()
  await page.goto(`file://${file}`)
  await page.waitForSelector('main')
  return page
}

async function settled(page) {
  await page.waitForSelector('.results[aria-busy=false]', { timeout: 120_000 })
}

async function paint(browser) {
  const page = await opened(browser)
  const [first] = await page.evaluate(() =>
    performance.getEntriesByName('first-contentful-paint').map((one) => one.startTime),
  )
  await page.close()
  return first ?? Number.NaN
}

async function keys(browser, sites) {
  const page = await opened(browser)
  await page.selectOption('.tools select', 'acceptance')
  await page.waitForSelector('textarea.tall')
  await typed(page, 'natplan.yaml', star(sites, 0))
  await settled(page)
  const times = []
  for (let round = 1; round <= rounds; round++) {
    times.push(await typed(page, 'natplan.yaml', star(sites, round)))
    await settled(page)
  }
  await page.close()
  return median(times)
}

async function pasted(browser) {
  const page = await opened(browser)
  await typed(page, 'ours', many(50_000, '10'))
  await settled(page)
  const time = await typed(page, 'theirs', many(50_000, '10'))
  await page.close()
  return time
}

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })
try {
  const show = (name, ms) => {
    const { work, goal } = goals[name]
    console.log(`${work.padEnd(46)} ${ms.toFixed(0).padStart(7)} ms   goal ${goal} ms`)
    told(name, ms)
  }
  show('paint', median(await Promise.all([paint(browser)])))
  show('keyFew', await keys(browser, 100))
  show('keyMany', await keys(browser, 1000))
  show('pasted', await pasted(browser))
} finally {
  await browser.close()
}
