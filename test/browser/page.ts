import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { program } from '../support/require.ts'

/** A page of Debian's Chromium for the tests of a suite, which reaches no network. */
export function browserPage(): { readonly page: Page } {
  let browser: Browser | undefined
  let page: Page | undefined
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: program('chromium'), args: ['--no-sandbox', '--disable-gpu'] })
    page = await browser.newPage()
    await page.route('**', (route) => route.abort())
  })
  afterAll(async () => {
    await browser?.close()
  })
  return {
    get page(): Page {
      if (!page) throw new Error('the browser has not started')
      return page
    },
  }
}
