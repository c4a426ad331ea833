import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { judgePlan, leftFiles, renderGateways } from '@natplan/app'
import { nodeRoutes } from '@natplan/core'
import { Marked } from 'marked'
import { describe, expect, it } from 'vitest'
import { guide } from '../../packages/app/src/gateways/guide.ts'
import { html, htmlCode } from '../../packages/app/src/report/html.ts'
import { markdownHtml } from '../../packages/app/src/report/markdown.ts'
import { loadPlan } from '../../packages/cli/src/input/load-plan.ts'
import { root } from '../support/command.ts'

/** A reader of all of Markdown, with the headings, the code and the tables of the report. */
const marked = new Marked({
  renderer: {
    code({ text }) {
      return `<pre tabindex="0"><code>${htmlCode(text)}</code></pre>`
    },
    heading({ depth, tokens }) {
      return `<h${depth + 1}>${this.parser.parseInline(tokens)}</h${depth + 1}>`
    },
    html({ text }) {
      return html(text)
    },
  },
})

/** Without what a browser does not show: blanks between elements and at the end of code, and how a character is written. */
function shown(text: string): string {
  return text
    .replace(/(<table>.*?<\/table>)/gs, '<div class="scroll" tabindex="0">$1</div>')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll(/\s*<\/code><\/pre>/g, '</code></pre>')
    .replace(/\s*(<\/?(?:p|h\d|ol|ul|li|pre|table|thead|tbody|tr|th|td|div)\b[^>]*>)\s*/g, '$1')
}

function theOther(text: string): string {
  return shown(marked.parse(text, { async: false }))
}

/** What a report has around its tables is there already. */
function ours(text: string): string {
  return shown(
    markdownHtml(text)
      .replaceAll('<div class="scroll" tabindex="0"><table>', '<table>')
      .replaceAll('</table></div>', '</table>'),
  )
}

/** The guide of a plan without keys; `undefined` where there is nothing to enter. */
function guideOf(name: string): string | undefined {
  const { plan } = loadPlan({ file: join(root, 'examples', name, 'natplan.yaml'), lock: undefined })
  if (!plan) return undefined
  const { gateways } = renderGateways(plan, { keys: new Map(), showSecrets: false, judge: judgePlan })
  const clusters = nodeRoutes(plan).routings
  const left = leftFiles(new Map(), plan, { gateways, clusters })
  return gateways.length + clusters.length === 0 ? undefined : guide({ plan, gateways, clusters, left })
}

const guides = readdirSync(join(root, 'examples')).flatMap((name) => {
  const text = guideOf(name)
  return text === undefined ? [] : [[name, text] as const]
})

describe('the guide in HTML', () => {
  it('is looked at for most examples', () => {
    expect(guides.length).toBeGreaterThan(12)
  })

  it.each(guides)('of %s is what any reader of Markdown makes of it', (_, text) => {
    expect(ours(text)).toBe(theOther(text))
  })

  it('has no sentence about gateways where there are none', () => {
    const [, text = ''] = guides.find(([name]) => name === 'node-pools') ?? []
    expect(text).toContain('announce the change to cloud.\n2. Put the routes')
    expect(text).not.toMatch(/[Cc]onfigure|gateways|\| site/)
  })

  it.each([
    '# a\n## b\ntext\nmore\n\nother',
    '1. one\n   goes on\n2. two\n\nend',
    '1. one\n\n   another paragraph\n\nend',
    '- a:\n\n      code\n\n      more\n- b:\n\n      code\n',
    '| a | b |\n| --- | --- |\n| `c` | [d](e/) |\n\ntext',
    '    code <b> & "c"\n\n        deeper\n\ntext `a <b>` and "c"',
  ])('of %j too', (text) => {
    expect(ours(text)).toBe(theOther(text))
  })

  it('has nothing of others as HTML', () => {
    expect(markdownHtml('<b> `<i>` [<u>](<s>)\n\n    <q>')).not.toMatch(/<[biusq]>/)
  })
})
