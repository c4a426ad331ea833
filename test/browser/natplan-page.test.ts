import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { Zip } from '../../packages/app/src/workbook/zip.ts'
import { commandFile, natplan, root } from '../support/command.ts'
import { requireBrowser } from '../support/require.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { breakNamed } from '../verify/breaks.ts'
import { acceptanceTexts, brokenTexts } from '../verify/configurations.ts'
import { drop, openPage, pageFile, partsOf, readIf, rowsOf, settled, show, violations } from './natplan-page.ts'
import { browserPage } from './page.ts'

const examples = join(root, 'examples')

/** Those that are one plan file. */
const single = readdirSync(examples).filter(
  (name) => !/^include:/m.test(readFileSync(join(examples, name, 'natplan.yaml'), 'utf8')),
)

const quiet = { requests: [], messages: [] }

/** axe looks at each of thousands of words. */
const slow = 240_000

requireBrowser()('the page, for a first-time visitor', () => {
  const browser = browserPage()

  it('leads from two lists over a plan file to gateways, the proof, and a packet that is followed', async () => {
    const { page } = browser
    const watched = await openPage(page)
    await page.getByLabel('Our subnets', { exact: true }).fill('10.0.1.0/27')
    await page.getByLabel('Theirs', { exact: true }).fill('10.0.1.0/24')
    await settled(page)
    expect((await rowsOf(page, /NAT mapping/)).map((row) => row.slice(0, 3))).toEqual([
      ['ours', '10.0.1.0/27 ↔ 192.168.2.0/27', '10.0.1.5 is 192.168.2.5'],
      ['theirs', '10.0.1.0/24 ↔ 192.168.1.0/24', '10.0.1.77 is 192.168.1.77'],
    ])
    await show(page, 'Gateways')
    await page.getByRole('button', { name: 'Describe the gateways' }).click()
    await page.getByRole('heading', { name: 'ours: vyos-1.5', exact: true }).waitFor()
    await settled(page)
    expect(await page.getByLabel('The plan file', { exact: true }).inputValue()).toContain('203.0.113.10')
    expect(await page.locator('.code pre').first().textContent()).toContain('192.168.2.0/27')
    await show(page, 'Proof')
    expect((await rowsOf(page, 'Tunnels'))[0]?.[1]).toBe('✓ proven')
    await show(page, 'Trace')
    await expect.poll(() => page.locator('.verdict').textContent()).toBe('delivered both ways')
    await page.getByLabel('The tunnel is down').check()
    await expect.poll(() => page.locator('.verdict.fault').count()).toBe(1)
    expect(watched).toEqual(quiet)
  })

  it('shows with the acceptance example what the route on a node is for', async () => {
    const { page } = browser
    await openPage(page)
    await page.getByLabel('Example').selectOption('acceptance')
    await settled(page)
    await show(page, 'Trace')
    await expect.poll(() => page.locator('.verdict.proven').count()).toBe(1)
    await page.getByLabel('The nodes lack natplan’s routes').check()
    await expect.poll(() => page.locator('.verdict.fault').count()).toBe(1)
  })

  it('follows a packet between two sites that are clicked in the picture', async () => {
    const { page } = browser
    await openPage(page)
    await page.getByLabel('Example').selectOption('acceptance')
    await settled(page)
    await show(page, 'Trace')
    await page.getByText('Choose in the picture').click()
    const site = (name: string) => page.locator('details svg .name', { hasText: name })
    await site('onpremise').click()
    await site('cloud').click()
    expect(await page.getByLabel(/^From/).inputValue()).toBe('onpremise:10.0.1.5')
    expect(await page.getByLabel(/^To/).inputValue()).toBe('cloud:10.0.1.5')
    await expect
      .poll(() => page.getByRole('heading', { name: /from onpremise 10.0.1.5/ }).textContent())
      .toContain('to 192.168.2.5')
  })

  it('takes what a router prints, and says what it could not read', async () => {
    const { page } = browser
    await openPage(page)
    await page.getByRole('button', { name: /Show me/ }).click()
    await settled(page)
    expect(await rowsOf(page, /NAT mapping/)).toHaveLength(4)
    await page.getByLabel('Theirs', { exact: true }).fill('10.0.1.0/24\n10.0.300.0/24\n')
    await settled(page)
    expect(await page.locator('.findings').textContent()).toContain('theirs:2')
  })

  it('goes back and forth through what was given, and carries it in a link', async () => {
    const { page } = browser
    await openPage(page)
    await page.getByLabel('Example').selectOption('hub-and-spokes')
    await settled(page)
    const plan = await page.getByLabel('The plan file', { exact: true }).inputValue()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByLabel('Our subnets', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Redo' }).click()
    expect(await page.getByLabel('The plan file', { exact: true }).inputValue()).toBe(plan)
    await page.getByRole('button', { name: /link/ }).click()
    await expect.poll(() => page.evaluate(() => location.hash)).toMatch(/^#plan=/)
    const fragment = await page.evaluate(() => location.hash)
    const watched = await openPage(page, fragment)
    expect(await page.getByLabel('The plan file', { exact: true }).inputValue()).toBe(plan)
    expect(watched).toEqual(quiet)
  })

  it('keeps in the browser what it is asked to, until it is asked to forget it', async () => {
    const { page } = browser
    const kept = () => page.evaluate(() => localStorage.length)
    const box = page.getByLabel('Keep in this browser')
    await openPage(page)
    await page.getByLabel('Our subnets', { exact: true }).fill('10.0.1.0/27')
    await settled(page)
    expect(await kept()).toBe(0)
    await box.check()
    await page.getByLabel('Theirs', { exact: true }).fill('10.0.1.0/24')
    await settled(page)
    await openPage(page)
    await settled(page)
    expect(await page.getByLabel('Theirs', { exact: true }).inputValue()).toBe('10.0.1.0/24')
    expect(await box.isChecked()).toBe(true)
    // A link that somebody sent does not take its place.
    await page.getByRole('button', { name: /link/ }).click()
    await expect.poll(() => page.evaluate(() => location.hash)).toMatch(/^#plan=/)
    const fragment = await page.evaluate(() => location.hash)
    await openPage(page, fragment)
    await settled(page)
    expect(await box.isChecked()).toBe(false)
    await page.getByLabel('Theirs', { exact: true }).fill('10.9.0.0/16')
    await settled(page)
    await openPage(page)
    await settled(page)
    expect(await page.getByLabel('Theirs', { exact: true }).inputValue()).toBe('10.0.1.0/24')
    await box.uncheck()
    expect(await kept()).toBe(0)
    const watched = await openPage(page)
    expect(await page.getByLabel('Our subnets', { exact: true }).inputValue()).toBe('')
    expect(watched).toEqual(quiet)
  })

  it('gives all of it as files: the plan, its lock, and what generate writes', async () => {
    const { page } = browser
    await openPage(page)
    await page.getByLabel('Example').selectOption('acceptance')
    await settled(page)
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download all' }).click(),
    ])
    const folder = temporaryFolder()
    const archive = join(folder, download.suggestedFilename())
    await download.saveAs(archive)
    const zip = new Zip('natplan.zip', readFileSync(archive))
    const written = join(folder, 'written')
    const lock = join(folder, 'natplan.lock.yaml')
    expect(
      natplan(['generate', '--lock', lock, '-o', written], {
        cwd: join(examples, 'acceptance'),
        env: { NATPLAN_PSK: 'abcdefghijklmnopqrstuvwxyz' },
      }).status,
    ).toBe(0)
    for (const file of ['README.md', 'report.html', 'cloud/kubernetes.yaml', 'cloud/check.txt', 'onpremise/remove.sh'])
      expect([file, await zip.text(file)]).toEqual([file, readFileSync(join(written, file), 'utf8')])
    expect(await zip.text('cloud/configure.txt')).toContain('not shown')
    expect(zip.names).toContain('natplan.lock.yaml')
  })

  it('says what can stand where somebody is in the plan file, and writes it', async () => {
    const { page } = browser
    await openPage(page)
    await page.getByLabel('Example').selectOption('mesh-of-four')
    const box = page.getByLabel('The plan file', { exact: true })
    await box.fill('version: 1\nsites:\n  a:\n    subnets: [10.0.1.0/24]\n    gate')
    const help = page.locator('details.help')
    await help.getByRole('button', { name: 'gateway' }).click()
    expect(await box.inputValue()).toMatch(/ {4}gateway: $/)
    await page.keyboard.type('{ plat')
    await help.getByRole('button', { name: 'platform' }).click()
    await help.getByRole('button', { name: 'vyos-1.5' }).click()
    expect(await box.inputValue()).toMatch(/gateway: \{ platform: vyos-1\.5$/)
  })

  it('takes a long list in one go, shows its begin, and makes a field of it for who wants to edit it', async () => {
    const { page } = browser
    const watched = await openPage(page)
    const list = (count: number) =>
      Array.from({ length: count }, (_, at) => `10.${at >> 8}.${at & 255}.0/24`).join('\n')
    const ours = page.getByLabel('Our subnets', { exact: true })
    const paste = (text: string) =>
      ours.evaluate((field, pasted) => {
        const clipboardData = new DataTransfer()
        clipboardData.setData('text/plain', pasted)
        field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
      }, text)
    await paste(list(10_000))
    await settled(page)
    expect((await ours.inputValue()).length).toBe(list(10_000).length)
    await page.getByRole('button', { name: 'Start anew' }).click()
    await paste(`${list(50_000)}\nno prefix\n`)
    await drop(page, 'Theirs', '10.0.1.0/24')
    await settled(page)
    expect(await ours.count()).toBe(0)
    const long = page.locator('.long')
    expect(await long.textContent()).toContain(`All ${(list(50_000).length + 11).toLocaleString('en')} characters`)
    expect(await long.locator('pre').textContent()).toMatch(/^10\.0\.0\.0\/24\n10\.0\.1\.0\/24\n/)
    expect((await rowsOf(page, 'Inputs'))[0]?.[1]).toBe('50,000')
    expect(await violations(page)).toEqual([])
    await page.locator('.findings').getByRole('button', { name: 'ours:50001' }).first().click()
    await expect
      .poll(() => ours.evaluate((field) => getSelection()?.toString() || (field as HTMLTextAreaElement).selectionEnd))
      .toBe('no prefix')
    await ours.press('End')
    await page.keyboard.type('x')
    expect((await ours.inputValue()).slice(-28)).toContain('no prefixx')
    await drop(page, 'Our subnets', list(50_000))
    await long.getByRole('button', { name: 'Take it away' }).click()
    expect(await ours.inputValue()).toBe('')
    expect(watched).toEqual(quiet)
  })

  it('says what the word under the pointer is, to hands and to keys, and stays away from who types', async () => {
    const { page } = browser
    const watched = await openPage(page)
    await page.getByLabel('Example').selectOption('acceptance')
    const box = page.getByLabel('The plan file', { exact: true })
    await box.fill((await box.inputValue()).replace('10.0.1.0/27', '10.0.1.5/27'))
    await page.locator('.marks span').first().waitFor()
    await settled(page)
    const card = page.getByRole('tooltip')
    /** The text behind the field is laid out by the browser: a word there stands where it stands in the field. */
    const placeOf = (word: string) =>
      page.locator('.marks pre').evaluate((pre, wanted) => {
        const texts = document.createTreeWalker(pre, NodeFilter.SHOW_TEXT)
        for (let node = texts.nextNode(); node; node = texts.nextNode()) {
          const at = node.textContent?.indexOf(wanted) ?? -1
          if (at < 0) continue
          const range = document.createRange()
          range.setStart(node, at)
          range.setEnd(node, at + wanted.length)
          const { left, top, width, height } = range.getBoundingClientRect()
          return { x: left + width / 2, y: top + height / 2, bottom: top + height }
        }
        throw new Error(`there is no ${wanted}`)
      }, word)
    const restOn = async (word: string) => {
      const { x, y } = await placeOf(word)
      await page.mouse.move(x, y)
    }
    await restOn('platform')
    await card.getByText('sites › cloud › gateway › platform').waitFor()
    expect(await violations(page)).toEqual([])
    // The pointer may go to the card to read on.
    const shown = await card.boundingBox()
    await page.mouse.move((shown?.x ?? 0) + 20, (shown?.y ?? 0) + 10)
    await page.waitForTimeout(400)
    expect(await card.count()).toBe(1)
    await restOn('10.0.1.5/27')
    await card.getByText('write 10.0.1.0/27').waitFor()
    await page.keyboard.press('Escape')
    expect(await card.count()).toBe(0)
    // Beside all words there is nothing to say.
    const { x, y } = await placeOf('version')
    await page.mouse.move(x + 300, y)
    await page.waitForTimeout(600)
    expect(await card.count()).toBe(0)
    await restOn('platform')
    await card.waitFor()
    await box.press('End')
    await page.keyboard.type('# x')
    expect(await card.count()).toBe(0)
    await box.evaluate((area) => {
      const { value } = area as HTMLTextAreaElement
      const at = value.indexOf('10.0.1.5/27') + 3
      ;(area as HTMLTextAreaElement).setSelectionRange(at, at)
    })
    await settled(page)
    const help = page.locator('details.help')
    await help.getByText('write 10.0.1.0/27').waitFor()
    expect(await help.locator('.found').count()).toBe(1)
    expect(watched).toEqual(quiet)
  })

  it('points at the line of a slip, with what to write instead', async () => {
    const { page } = browser
    await openPage(page)
    await page.getByLabel('Example').selectOption('acceptance')
    const box = page.getByLabel('The plan file', { exact: true })
    await box.fill((await box.inputValue()).replace('10.0.1.0/27', '10.0.1.5/27'))
    await settled(page)
    const finding = page.locator('.findings li', { hasText: 'PREFIX_HOST_BITS' })
    expect(await finding.textContent()).toContain('write 10.0.1.0/27')
    await finding.getByRole('button', { name: /^natplan.yaml:/ }).click()
    const marked = await box.evaluate((area) => {
      const { value, selectionStart, selectionEnd } = area as HTMLTextAreaElement
      return value.slice(selectionStart, selectionEnd)
    })
    expect(marked.trim()).toBe('subnets: [10.0.1.5/27]')
    expect(await page.locator('.marks span').allTextContents()).toEqual(['10.0.1.5/27'])
    expect(await page.getByRole('heading', { name: 'Overlaps', exact: true }).count()).toBe(0)
    await finding.getByRole('button', { name: 'Write 10.0.1.0/27' }).click()
    await settled(page)
    expect(await rowsOf(page, /NAT mapping/)).toHaveLength(2)
  })
})

/** Milliseconds: what a box holds comes a moment after the file. */
const patience = { timeout: 30_000 }

requireBrowser()('the page, for a file that is no text', () => {
  const browser = browserPage()

  it.each([
    ['a broken workbook', 'branches.xlsx', 'PK\u0003\u0004\u0014', '', 'branches.xlsx is not a valid zip archive'],
    ['a text that begins like one', 'branches.txt', 'PK 10.0.1.0/27', 'PK 10.0.1.0/27', ''],
  ])('takes only what can be read: %s', async (_, name, content, taken, said) => {
    const { page } = browser
    await openPage(page)
    const buffer = Buffer.from(content)
    await page.getByLabel('Open a file: Our subnets').setInputFiles({ name, mimeType: 'text/plain', buffer })
    await expect.poll(() => page.getByLabel('Our subnets', { exact: true }).inputValue(), patience).toBe(taken)
    if (said === '') expect(await page.getByText(name).count()).toBe(0)
    else await page.getByText(said).waitFor()
  })

  it('reads a sheet of a workbook, and says which ones it leaves', async () => {
    const { page } = browser
    await openPage(page)
    const workbook = join(root, 'test', 'inputs', 'workbooks', 'branches.xlsx')
    await page.getByLabel('Open a file: Our subnets').setInputFiles(workbook)
    await page.getByText('branches.xlsx[').waitFor()
    await settled(page)
    const box = page.getByLabel('Our subnets', { exact: true })
    await expect.poll(() => box.inputValue(), patience).toContain('\nSite,LAN,Mask')
    await page
      .getByLabel('Open a file: Theirs')
      .setInputFiles({ name: 'theirs.txt', mimeType: 'text/plain', buffer: Buffer.from('10.0.0.0/8') })
    await page.getByRole('heading', { name: 'Overlaps (3 pairs)' }).waitFor()
  })
})

requireBrowser()('the page, for two gateways that run', () => {
  const browser = browserPage()

  async function give(texts: ReadonlyMap<string, { readonly text: string }>): Promise<void> {
    const [ours = { text: '' }, theirs = { text: '' }] = texts.values()
    await drop(browser.page, 'Our subnets', ours.text)
    const file = { name: 'theirs.txt', mimeType: 'text/plain', buffer: Buffer.from(theirs.text) }
    await browser.page.getByLabel('Open a file: Theirs').setInputFiles(file)
    await browser.page.getByRole('tab', { name: 'As they run' }).waitFor()
    await settled(browser.page)
    await show(browser.page, 'As they run')
  }

  it('proves that they let packets pass, without a plan', async () => {
    const watched = await openPage(browser.page)
    await give(acceptanceTexts('vyos-1.4'))
    expect(await browser.page.locator('.verdict').textContent()).toContain('Every packet')
    expect(await browser.page.locator('.summary').textContent()).toContain('It is proven')
    expect(await browser.page.locator('.code').count()).toBe(2)
    expect(await browser.page.locator('.code').allTextContents()).not.toContainEqual(
      expect.stringContaining('abcdefghijkl'),
    )
    expect(await browser.page.getByRole('button', { name: /link/ }).count()).toBe(0)
    expect(await browser.page.getByLabel('Keep in this browser').count()).toBe(0)
    expect(watched).toEqual(quiet)
  })

  it('keeps none of it, also where it was asked to keep what was there before', async () => {
    const { page } = browser
    await openPage(page)
    await page.getByLabel('Our subnets', { exact: true }).fill('10.0.1.0/27')
    await settled(page)
    await page.getByLabel('Keep in this browser').check()
    expect(await page.evaluate(() => localStorage.length)).toBe(1)
    await give(acceptanceTexts('vyos-1.4'))
    expect(await page.evaluate(() => localStorage.length)).toBe(0)
  })

  it('marks the lines that are at fault', async () => {
    await openPage(browser.page)
    await give(brokenTexts(breakNamed('no IKE proposal in common')))
    expect(await browser.page.locator('.verdict.fault').textContent()).toBe('Not everything arrives.')
    expect(await browser.page.locator('.summary').textContent()).toMatch(
      /As the gateways run, not everything arrives\.$/,
    )
    expect(await browser.page.locator('pre li.error').first().textContent()).toMatch(/proposal/)
    expect(await violations(browser.page)).toEqual([])
  })

  it('says what to enter on the one that differs, also once the plan is in sight, and nothing of the other', async () => {
    const { page } = browser
    const watched = await openPage(page)
    await give(brokenTexts(breakNamed('no IKE proposal in common')))
    await show(page, 'What to enter')
    const sections = page.locator('.mending')
    const expected = [
      expect.stringContaining('It is as planned: there is nothing to enter.'),
      expect.stringContaining("set vpn ipsec ike-group natplan-cloud proposal 1 encryption 'aes256'"),
    ]
    expect(await sections.allTextContents()).toEqual(expected)
    expect(await sections.getByRole('button', { name: /^Copy/ }).count()).toBe(1)
    expect(await violations(page)).toEqual([])
    await page.getByText('The same as a plan file').click()
    await page.getByRole('button', { name: 'Go on with the plan file' }).click()
    await settled(page)
    expect(await sections.allTextContents()).toEqual(expected)
    expect(await page.getByRole('button', { name: /link/ }).count()).toBe(0)
    expect(watched).toEqual(quiet)
  })
})

requireBrowser()('the page that natplan page serves with a plan file', () => {
  const browser = browserPage()

  it('follows the file until somebody goes on with something else, asks for nothing but it, and writes nothing', async () => {
    const { page } = browser
    const cwd = temporaryFolder()
    const file = join(cwd, 'natplan.yaml')
    const planOf = (subnet: string) =>
      `version: 1\nsites:\n  a: { subnets: [${subnet}] }\n  b: { subnets: [10.0.1.0/24] }\n`
    writeFileSync(file, planOf('10.0.1.0/27'))
    const served = spawn(process.execPath, [commandFile, 'page', '-f', 'natplan.yaml'], {
      cwd,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    try {
      const [address] = (await once(createInterface({ input: served.stdout }), 'line')) as [string]
      await openPage(page)
      const asked: string[] = []
      const messages: string[] = []
      page.on('request', (request) => asked.push(`${request.method()} ${request.url()}`))
      page.on('console', (message) => messages.push(message.text()))
      await page.goto(address)
      const box = page.getByLabel('The plan file', { exact: true })
      await expect.poll(() => box.inputValue()).toBe(planOf('10.0.1.0/27'))
      await settled(page)
      expect(await rowsOf(page, /NAT mapping/)).toHaveLength(2)
      expect(await violations(page)).toEqual([])
      writeFileSync(file, planOf('10.0.2.0/24'))
      await expect.poll(() => box.inputValue(), { timeout: 5000 }).toBe(planOf('10.0.2.0/24'))
      await settled(page)
      expect(await page.locator('.summary').textContent()).toContain('No two networks use the same addresses')
      await box.fill(planOf('10.0.3.0/24'))
      writeFileSync(file, planOf('10.0.4.0/24'))
      await page.waitForTimeout(2500)
      expect(await box.inputValue()).toBe(planOf('10.0.3.0/24'))
      expect(readFileSync(file, 'utf8')).toBe(planOf('10.0.4.0/24'))
      await page.getByRole('button', { name: 'Follow natplan.yaml again' }).click()
      expect(await box.inputValue()).toBe(planOf('10.0.4.0/24'))
      expect(messages).toEqual([])
      rmSync(file)
      await page.locator('.live').getByText('natplan.yaml does not exist').waitFor()
      served.kill('SIGTERM')
      await page.locator('.live').getByText('does not answer any more').waitFor()
      expect(await box.inputValue()).toBe(planOf('10.0.4.0/24'))
      expect(new Set(asked.filter((one) => !one.includes(' blob:')))).toEqual(
        new Set([`GET ${address}`, `GET ${address}plan`]),
      )
    } finally {
      served.kill('SIGKILL')
    }
  })
})

requireBrowser()('the page and the command', () => {
  const browser = browserPage()

  it.each(single)('say the same of %s', async (name) => {
    const folder = join(examples, name)
    const golden = join(root, 'test', 'golden', 'examples', name)
    await openPage(browser.page)
    const lock = readIf(join(golden, 'natplan.lock.yaml'))
    const parts = await partsOf(browser.page, { plan: readFileSync(join(folder, 'natplan.yaml'), 'utf8'), lock })
    const { document, lock: saved } = parts['plan'] as { document: unknown; lock: string | undefined }
    expect(document).toEqual(JSON.parse(readFileSync(join(golden, 'plan.json'), 'utf8')))
    expect(saved).toBe(lock)
    if (lock === undefined) return
    const lockOption = ['--lock', join(golden, 'natplan.lock.yaml')]
    const verified = natplan(['verify', '--output', 'json', ...lockOption], { cwd: folder }).stdout
    const proof = parts['proof'] as { document: { findings: object[] } }
    expect(proof.document).toEqual(JSON.parse(verified))
    const gateways = natplan(['vyatta', ...lockOption], { cwd: folder }).stdout
    for (const { texts } of (parts['gateways'] as { gateways: { texts: { name: string; text: string }[] }[] }).gateways)
      expect(gateways).toContain(texts.find((one) => one.name === 'Configure')?.text)
  })
})

requireBrowser()('the page and natplan diff', () => {
  const browser = browserPage()

  interface Mending {
    readonly document: { readonly gateways: readonly { readonly operations: readonly { readonly text: string }[] }[] }
    readonly gateways: readonly { readonly first?: string; readonly lines: string }[]
  }

  /** As somebody would have called things who does not know natplan. */
  const byHand = (text: string) =>
    text.replace(/natplan-(cloud|onpremise)/g, 'PEER-$1').replace(/^.* description '.*\n/gm, '')

  const natural = ['cloud', 'onpremise'] as const
  const broken = brokenTexts(breakNamed('no IKE proposal in common'))

  it.each([
    ['a line that differs', broken, natural, (text: string) => text],
    ['gateways that are as planned', acceptanceTexts('vyos-1.4'), natural, (text: string) => text],
    ['another platform', acceptanceTexts('edgeos'), natural, (text: string) => text],
    ['gateways made by hand', broken, ['ours', 'theirs'] as const, byHand],
  ])('say the same of %s', async (_, texts, [ours, theirs], change) => {
    const given = {
      ours: change(texts.get('cloud')?.text ?? ''),
      theirs: change(texts.get('onpremise')?.text ?? ''),
    }
    await openPage(browser.page)
    const { mending } = (await partsOf(browser.page, given)) as unknown as { mending: Mending }
    const cwd = temporaryFolder()
    const write = (name: string, index: number) =>
      writeFileSync(
        join(cwd, name),
        `${given[name as keyof typeof given].trimEnd()}\n${index < 0 ? '' : (mending.gateways[index]?.first ?? '')}`,
      )
    const files = [`${ours}=ours`, `${theirs}=theirs`]
    for (const name of ['ours', 'theirs']) write(name, -1)
    expect(natplan(['import', ...files, '-o', 'natplan.yaml'], { cwd }).status).toBe(0)
    for (const [index, name] of ['ours', 'theirs'].entries()) write(name, index)
    const { stdout } = natplan(['diff', ...files, '--output', 'json'], { cwd })
    expect(mending.document).toEqual(JSON.parse(stdout))
    for (const [index, { operations }] of mending.document.gateways.entries())
      expect(mending.gateways[index]?.lines).toBe(operations.map(({ text }) => text).join(''))
    expect(mending.gateways.some(({ first }) => first !== undefined)).toBe(ours === 'ours')
  })
})

requireBrowser()('the page, for everybody', () => {
  const browser = browserPage()

  it.each(['light', 'dark'] as const)(
    'reads well in %s for people who do not see it',
    async (colorScheme) => {
      const { page } = browser
      await page.emulateMedia({ colorScheme })
      await openPage(page)
      expect(await violations(page)).toEqual([])
      await page.getByLabel('Example').selectOption('acceptance')
      await settled(page)
      for (const tab of ['Mapping', 'Picture', 'Who calls what', 'Gateways', 'Proof', 'Trace']) {
        await show(page, tab)
        await page.waitForTimeout(100)
        expect(await violations(page)).toEqual([])
      }
    },
    slow,
  )

  it.each([
    ['a phone', 375, 1],
    ['a tablet', 820, 1],
    ['texts at 200 %', 1280, 2],
  ])('needs no moving sideways on %s', async (_, width, zoom) => {
    const { page } = browser
    await page.setViewportSize({ width: width / zoom, height: 800 })
    await openPage(page)
    await page.getByLabel('Example').selectOption('acceptance')
    await settled(page)
    for (const tab of ['Mapping', 'Picture', 'Gateways', 'Trace']) {
      await show(page, tab)
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width / zoom)
    }
    await page.setViewportSize({ width: 1280, height: 800 })
  })

  it('has a picture that two fingers enlarge, about the place where they are', async () => {
    const { page } = browser
    await openPage(page)
    await page.getByLabel('Example').selectOption('hub-and-spokes')
    await settled(page)
    await show(page, 'Picture')
    const frame = page.getByLabel(/^Picture;/)
    const widthOf = () => frame.locator('svg').evaluate((svg) => svg.getBoundingClientRect().width)
    let before = 0
    // The picture comes after the text, and is laid out anew when it is there.
    const isSettled = async () => {
      const last = before
      before = await widthOf()
      return before === last
    }
    await expect.poll(isSettled, { interval: 100 }).toBe(true)
    const box = await frame.boundingBox()
    if (!box) throw new Error('there is no picture')
    const [x, y] = [Math.round(box.x + 100), Math.round(box.y + 60)]
    const placeOf = () => frame.locator('svg').evaluate((svg, at) => at - svg.getBoundingClientRect().left, x)
    const held = (await placeOf()) / before
    const session = await page.context().newCDPSession(page)
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', apart: number | undefined) =>
      session.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: apart === undefined ? [] : [-apart, apart].map((dx, id) => ({ x: x + dx, y, id })),
      })
    await touch('touchStart', 20)
    await touch('touchMove', 30)
    await touch('touchMove', 50)
    await touch('touchEnd', undefined)
    await expect.poll(widthOf).toBeCloseTo(before * 2.5, 0)
    expect((await placeOf()) / (await widthOf())).toBeCloseTo(held, 1)
    expect(await page.evaluate(() => visualViewport?.scale)).toBe(1)
  })

  it('can be used by the keyboard alone', async () => {
    const { page } = browser
    await openPage(page)
    await page.getByRole('button', { name: /Show me/ }).focus()
    await page.keyboard.press('Enter')
    await settled(page)
    await page.getByRole('tab', { name: 'Mapping' }).focus()
    await page.keyboard.press('ArrowRight')
    expect(await page.getByRole('tab', { name: 'Picture' }).getAttribute('aria-selected')).toBe('true')
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Larger')
    await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('Home')
    await page.getByRole('button', { name: 'Site' }).first().focus()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Enter')
    const rows = await rowsOf(page, /NAT mapping/)
    expect(rows[0]?.[0]).toBe('theirs')
  })

  it('takes hostile texts for texts', async () => {
    const { page } = browser
    const watched = await openPage(page)
    const hostile = '"><img src=x onerror=alert(1)><script>alert(2)</script>'
    const plan = `version: 1\nsites:\n  a: { subnets: [{ prefix: 10.0.1.0/24, name: ${JSON.stringify(hostile)} }] }\n  ${JSON.stringify(hostile)}: { subnets: [10.0.1.0/24] }\n`
    await page.getByLabel('Example').selectOption('acceptance')
    await page.getByLabel('The plan file', { exact: true }).fill(plan)
    await settled(page)
    expect(await page.locator('.findings').textContent()).toContain('<img src=x')
    await page.getByRole('button', { name: 'Start anew' }).click()
    for (const box of ['Our subnets', 'Theirs'])
      await page.getByLabel(box, { exact: true }).fill(`10.0.1.0/24 ${hostile}\n${hostile}`)
    await settled(page)
    expect(await page.evaluate(() => [document.images.length, document.scripts.length])).toEqual([0, 2])
    expect(watched).toEqual(quiet)
  })
})

describe('the file of the page', () => {
  it('is small enough to be sent around', () => {
    const bytes = readFileSync(pageFile)
    expect(bytes.length).toBeLessThan(1_500_000)
    expect(gzipSync(bytes, { level: 9 }).length).toBeLessThan(450_000)
  })

  it('lets nothing run but its own script, whose digest it names, and asks nobody', () => {
    const html = readFileSync(pageFile, 'utf8')
    const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(html) ?? []
    expect(policy).toMatch(
      /^default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'; worker-src blob:;/,
    )
    expect(policy).not.toContain('unsafe')
    expect(html.slice(0, html.indexOf('<script'))).not.toMatch(/(src|href)=/)
  })

  it('is what natplan page writes, again the same', () => {
    const out = join(root, 'node_modules', '.cache', 'natplan', 'written-page')
    mkdirSync(out, { recursive: true })
    const file = join(out, 'natplan.html')
    expect(natplan(['page', '-o', file]).status).toBe(0)
    expect(readFileSync(file)).toEqual(readFileSync(pageFile))
  })
})
