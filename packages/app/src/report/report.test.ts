import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { digests, reportScript, reportStyle } from './report-assets.ts'

it('its style and its script are those that its policy lets in', () => {
  const digestOf = (text: string) => `sha256-${createHash('sha256').update(text).digest('base64')}`
  expect(digests).toEqual({ style: digestOf(reportStyle), script: digestOf(reportScript) })
})
