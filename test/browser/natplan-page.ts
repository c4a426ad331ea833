import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import axe from 'axe-core'
import type { Page } from 'playwright-core'
import type { Given } from '../../packages/page/src/answers/given.ts'
import { unpackLzma } from '../../packages/page/src/worker/lzma.ts'
import { root } from '../support/command.ts'

export const pageFile = join(root, 'packages', 'cli', 'dist', 'natplan.html')

/** What a page asked others for and what it complained about since it was opened. */
export interface Watched {
  /** Addresses that were asked for, but for the page itself and what it holds. */
  readonly requests: string[]
  readonly messages: string[]
}

/** Opens the built page from disk, in a browser in which any other request would be seen. */
export async function openPage(page: Page, fragment = ''): Promise<Watched> {
  const watched: Watched = { requests: [], messages: [] }
  await page.unrouteAll()
  page.removeAllListeners()
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(`file://${pageFile}`) && !url.startsWith('blob:')) watched.requests.push(url)
  })
  page.on('console', (message) => watched.messages.push(message.text()))
  page.on('pageerror', ({ message }) => watched.messages.push(message))
  await page.goto('about:blank')
  await page.goto(`file://${pageFile}${fragment}`)
  await page.waitForSelector('main')
  return watched
}

/** Waits until everything about what is given is there. */
export async function settled(page: Page): Promise<void> {
  // What was just done is drawn first: before that the page still says that it is idle.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))))
  await page.waitForSelector('.results[aria-busy=false]', { timeout: 60_000 })
}

export async function show(page: Page, tab: string): Promise<void> {
  await page.getByRole('tab', { name: tab, exact: true }).click()
}

/** Drops a file of this text on a box, as a hand with a mouse does. */
export async function drop(page: Page, box: string, text: string): Promise<void> {
  const dataTransfer = await page.evaluateHandle((content) => {
    const transfer = new DataTransfer()
    transfer.items.add(new File([content], 'running.txt', { type: 'text/plain' }))
    return transfer
  }, text)
  await page.getByLabel(box, { exact: true }).dispatchEvent('drop', { dataTransfer })
}

/** A table by its title, as rows of cells. */
export function rowsOf(page: Page, title: string | RegExp): Promise<string[][]> {
  return page
    .locator('section.table', { has: page.getByRole('heading', { name: title }) })
    .locator('tbody tr')
    .evaluateAll((rows) => rows.map((row) => [...row.children].map(({ textContent }) => textContent ?? '')))
}

/** What axe-core finds, as the name of its rule and the place. */
export async function violations(page: Page): Promise<string[]> {
  const found = (await page.evaluate(`${axe.source};axe.run(document)`)) as {
    violations: { id: string; nodes: { html: string }[] }[]
  }
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`))
}

/** The worker that the built page holds. */
function workerCode(): string {
  const [, packed = ''] = /id="worker">([^<]*)</.exec(readFileSync(pageFile, 'utf8')) ?? []
  return Buffer.from(unpackLzma(Buffer.from(packed, 'base64'))).toString('utf8')
}

/** The parts that the worker of the built page makes of what is given, in the browser. */
export function partsOf(page: Page, given: Partial<Given>): Promise<Record<string, unknown>> {
  return page.evaluate(
    async ({ code, given }) => {
      const worker = new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })))
      const parts: Record<string, unknown> = {}
      try {
        await new Promise<void>((resolve, reject) => {
          worker.onmessage = ({ data }) => {
            if (data.kind === 'fault') reject(new Error(data.message))
            parts[data.name] = data.part
            if (data.isLast) resolve()
          }
          worker.postMessage({ kind: 'given', id: 1, first: 'plan', given: { ours: '', theirs: '', ...given } })
        })
      } finally {
        worker.terminate()
      }
      return parts
    },
    { code: workerCode(), given },
  )
}

export function readIf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
