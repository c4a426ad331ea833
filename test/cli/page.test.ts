import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { request } from 'node:http'
import { createInterface } from 'node:readline'
import { describe, expect, it } from 'vitest'
import { commandFile } from '../support/command.ts'

interface Answer {
  readonly status: number | undefined
  readonly body: string
  readonly headers: Readonly<Record<string, unknown>>
}

function ask(url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers, method }, async (response) => {
      const pieces: Buffer[] = []
      for await (const piece of response) pieces.push(piece as Buffer)
      resolve({ status: response.statusCode, body: Buffer.concat(pieces).toString(), headers: response.headers })
    })
    asked.on('error', reject)
    asked.end()
  })
}

describe('natplan page without a file', () => {
  it('gives the page to who knows its address and comes to this machine by its number, until it is ended', async () => {
    const served = spawn(process.execPath, [commandFile, 'page'], { stdio: ['ignore', 'pipe', 'pipe'] })
    try {
      const [address] = (await once(createInterface({ input: served.stdout }), 'line')) as [string]
      expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32}\/$/)
      const page = await ask(address)
      expect([page.status, page.headers['cache-control']]).toEqual([200, 'no-store'])
      expect(page.body).toContain('<title>natplan')
      const { host, origin } = new URL(address)
      for (const [url, headers, method] of [
        [`${origin}/`, {}, 'GET'],
        [address.slice(0, -2), {}, 'GET'],
        [address, { Host: host.replace('127.0.0.1', 'localhost') }, 'GET'],
        [address, { Host: 'natplan.example' }, 'GET'],
        [address, {}, 'POST'],
      ] as const) {
        expect(await ask(url, headers, method)).toMatchObject({ status: 404, body: 'not found' })
      }
      served.kill('SIGTERM')
      expect((await once(served, 'exit'))[0]).toBe(0)
    } finally {
      served.kill('SIGKILL')
    }
  })
})
