import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, it } from 'vitest'
import { commandFile, natplan } from '../support/command.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

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
      expect(/connect-src|<meta name="natplan-live"/.exec(page.body)?.[0]).toBeUndefined()
      expect(await ask(`${address}plan`)).toMatchObject({ status: 404 })
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

describe('natplan page of a plan file', () => {
  const plan = 'version: 1\nsites:\n  a: { subnets: [10.0.1.0/24] }\n'

  it('gives what the file holds at the moment, to nobody else, and nothing beside it', async () => {
    const cwd = temporaryFolder()
    const file = join(cwd, 'natplan.yaml')
    writeFileSync(file, plan)
    writeFileSync(join(cwd, 'secret.psk'), 'hunter2hunter2')
    const served = spawn(process.execPath, [commandFile, 'page', 'natplan.yaml'], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    try {
      const [address] = (await once(createInterface({ input: served.stdout }), 'line')) as [string]
      const place = `${address}plan`
      expect((await ask(address)).body).toContain(
        `content="default-src 'none'; connect-src 'self'; script-src 'sha256-`,
      )
      const first = await ask(place)
      expect(JSON.parse(first.body)).toEqual({ name: 'natplan.yaml', text: plan })
      const same = await ask(place, { 'If-None-Match': String(first.headers['etag']) })
      expect([same.status, same.body]).toEqual([304, ''])
      writeFileSync(file, plan.replace('10.0.1.0', '10.0.2.0'))
      expect(JSON.parse((await ask(place, { 'If-None-Match': String(first.headers['etag']) })).body).text).toContain(
        '10.0.2.0',
      )
      const { host, origin } = new URL(address)
      for (const [url, headers, method] of [
        [`${origin}/plan`, {}, 'GET'],
        [`${address}natplan.yaml`, {}, 'GET'],
        [`${address}secret.psk`, {}, 'GET'],
        [`${address}plan?file=secret.psk`, {}, 'GET'],
        [`${address}plan/../secret.psk`, {}, 'GET'],
        [place, { Host: host.replace('127.0.0.1', 'localhost') }, 'GET'],
        [place, { 'Sec-Fetch-Site': 'cross-site' }, 'GET'],
        [place, { 'Sec-Fetch-Site': 'none' }, 'GET'],
        [place, {}, 'PUT'],
      ] as const) {
        expect([url, await ask(url, headers, method)]).toMatchObject([url, { status: 404, body: 'not found' }])
      }
      for (const [tunnel, problem] of [
        ['preSharedKey: hunter2hunter2', 'line 4 of natplan.yaml may hold a key, so it is not shown'],
        ['preSharedKey: { secret: hunter2hunter2 }', 'line 4 of natplan.yaml may hold a key, so it is not shown'],
        [
          'preSharedKey: { env: NATPLAN_A, secret: hunter2 }',
          'line 4 of natplan.yaml may hold a key, so it is not shown',
        ],
      ] as const) {
        writeFileSync(file, `${plan}tunnels: [{ sites: [a, b], ${tunnel} }]\n`)
        expect(JSON.parse((await ask(place)).body)).toEqual({ name: 'natplan.yaml', problem })
      }
      const both = '    preSharedKey:\n      env: NATPLAN_A\n      value: hunter2'
      writeFileSync(file, `${plan}tunnels:\n  - sites: [a, b]\n${both}\n`)
      expect((await ask(place)).body).not.toContain('hunter2')
      for (const tunnel of [
        'preSharedKey:\n      env: NATPLAN_A\n    settings: { ikeLifetime: 3600 }',
        'preSharedKey: { env: NATPLAN_A }',
        'preSharedKey: { file: keys/a.psk }',
        'preSharedKey:',
      ]) {
        writeFileSync(file, `${plan}tunnels:\n  - sites: [a, b]\n    ${tunnel}\n`)
        expect(JSON.parse((await ask(place)).body).text).toContain(tunnel)
      }
      rmSync(file)
      expect(JSON.parse((await ask(place)).body)).toEqual({
        name: 'natplan.yaml',
        problem: 'natplan.yaml does not exist',
      })
      const elsewhere = temporaryFolder()
      mkdirSync(join(elsewhere, 'x'))
      writeFileSync(join(elsewhere, 'x', 'plan.yaml'), plan)
      symlinkSync(join(elsewhere, 'x', 'plan.yaml'), file)
      expect(JSON.parse((await ask(place)).body).problem).toContain('is a link that leads out of its folder')
    } finally {
      served.kill('SIGKILL')
    }
  })

  it.each([
    ['two plan files', ['natplan.yaml', '-f', 'natplan.yaml'], 'two plan files are given'],
    ['a page that is written', ['natplan.yaml', '-o', 'page.html'], 'follows no plan file'],
    ['standard input', ['-'], 'standard input cannot be followed'],
    ['what is no plan', ['secret.psk'], 'is no plan file'],
    ['what is not there', ['-f', 'other.yaml'], 'other.yaml does not exist'],
  ])('refuses %s', (_, args, message) => {
    const cwd = temporaryFolder()
    writeFileSync(join(cwd, 'natplan.yaml'), plan)
    writeFileSync(join(cwd, 'secret.psk'), 'hunter2hunter2')
    const { status, stdout, stderr } = natplan(['page', ...args], { cwd })
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain(message)
  })
})
