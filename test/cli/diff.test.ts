import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { natplan, root } from '../support/command.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const acceptance = readFileSync(join(root, 'examples', 'acceptance', 'natplan.yaml'), 'utf8')
const key = 'Zk39exampleKEY7QzNotARealOneAtAll'
const env = { NATPLAN_PSK: key }
const larger = acceptance.replace('[10.0.1.0/27]', '[10.0.0.0/28, 10.0.1.0/27]')

/** A folder with a plan, and what runs on both gateways since it was configured from another. */
function deployed(before: string, now: string): string {
  const cwd = temporaryFolder({ 'natplan.yaml': before })
  natplan(['plan', '--save'], { cwd })
  for (const site of ['cloud', 'onpremise']) {
    const { stdout } = natplan(['vyatta', '--site', site, '--show-secrets'], { cwd, env })
    writeFileSync(join(cwd, `${site}.txt`), `set system host-name '${site}'\n${stdout}`)
  }
  writeFileSync(join(cwd, 'natplan.yaml'), now)
  return cwd
}

describe('natplan diff', () => {
  it('prints nothing for gateways that do what the plan says', () => {
    const cwd = deployed(acceptance, acceptance)
    const { stdout, stderr, status } = natplan(['diff', 'cloud=cloud.txt', 'onpremise=onpremise.txt', '--check'], {
      cwd,
      env,
    })
    expect([status, stdout]).toEqual([0, ''])
    expect(stderr).toBe('natplan: cloud: as planned\nnatplan: onpremise: as planned\n')
  })

  it('says how a configuration is named where a platform stands beside its site', () => {
    const cwd = temporaryFolder({ 'natplan.yaml': acceptance, 'cloud.txt': 'set system host-name cloud\n' })
    const { stderr, status } = natplan(['diff', 'cloud:vyos-1.4=cloud.txt'], { cwd, env })
    expect(status).toBe(2)
    expect(stderr).toContain('hint: write cloud=cloud.txt')
  })

  it('prints what to set when a subnet joins, under a heading where there are several gateways', () => {
    const cwd = deployed(acceptance, larger)
    const one = natplan(['diff', 'cloud.txt', '--site', 'cloud'], { cwd, env })
    expect(one.status).toBe(0)
    expect(one.stdout).toMatch(/^(set .*\n)+$/)
    expect(one.stdout).toContain("set nat source rule 1010 source address '10.0.0.0/28'\n")
    expect(one.stderr).toContain('natplan: cloud: 1 tunnel changed, 1 rule added\n')
    const both = natplan(['diff', 'cloud=cloud.txt', 'onpremise=onpremise.txt'], { cwd, env })
    expect(both.stdout).toContain(`# ---- cloud (vyos-1.4): diff ----\n${one.stdout}`)
  })

  it('prints what to delete when a subnet leaves, and which flows end', () => {
    const cwd = deployed(larger, acceptance)
    const { stdout, stderr } = natplan(['diff', '-', '--site', 'cloud'], {
      cwd,
      env,
      input: readFileSync(join(cwd, 'cloud.txt')),
    })
    expect(stdout.split('\n')).toContain('delete nat source rule 1000')
    expect(stderr).toContain('flows between 10.0.0.0/28 and 192.168.1.0/24 of onpremise end')
  })

  it('exits with status 1 on drift when it is asked to check', () => {
    const cwd = deployed(acceptance, larger)
    const input = readFileSync(join(cwd, 'cloud.txt'))
    expect(natplan(['diff', 'cloud=-'], { cwd, env, input }).status).toBe(0)
    const checked = natplan(['diff', 'cloud=-', '--check'], { cwd, env, input })
    expect(checked.status).toBe(1)
    expect(checked.stdout).toContain('set nat source rule 1010')
  })

  it('shows no key of either side, unless asked for the plan’s', () => {
    const cwd = deployed(acceptance, acceptance)
    const other = { NATPLAN_PSK: 'AnotherKeyThatTheDeviceDoesNotHave' }
    const hidden = natplan(['diff', 'cloud=cloud.txt', '--output', 'json'], { cwd, env: other })
    expect(hidden.stdout).toContain('not shown')
    expect(hidden.stdout + hidden.stderr).not.toContain(key)
    expect(hidden.stdout + hidden.stderr).not.toContain(other.NATPLAN_PSK)
    expect(hidden.stderr).toContain('break until the gateway of onpremise has the same change')
    const shown = natplan(['diff', 'cloud=cloud.txt', '--show-secrets'], { cwd, env: other })
    expect(shown.stdout).toBe(`set vpn ipsec authentication psk natplan-onpremise secret '${other.NATPLAN_PSK}'\n`)
  })

  it('says that a key was not compared', () => {
    const cwd = deployed(acceptance, acceptance)
    const { stdout, stderr, status } = natplan(['diff', 'cloud=cloud.txt', '--check'], { cwd })
    expect([status, stdout]).toEqual([0, ''])
    expect(stderr).toContain('note DIFF_KEY_NOT_COMPARED')
  })

  it('prints JSON and YAML that keep to the documented schema', () => {
    const cwd = deployed(acceptance, larger)
    const schema = JSON.parse(readFileSync(join(root, 'schema', 'diff-output.schema.json'), 'utf8')) as object
    const validate = new Ajv2020().compile(schema)
    const { stdout } = natplan(['diff', 'cloud=cloud.txt', '--output', 'json'], { cwd, env })
    const document = JSON.parse(stdout) as { gateways: readonly { operations: readonly { text: string }[] }[] }
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true)
    const text = natplan(['diff', 'cloud=cloud.txt'], { cwd, env }).stdout
    expect(document.gateways[0]?.operations.map((operation) => operation.text).join('')).toBe(text)
    const drawn = natplan(['diff', 'cloud=cloud.txt', '--output', 'svg'], { cwd, env })
    expect(drawn.stdout).toMatch(/^<svg .*as it runs.*as planned/s)
    expect(natplan(['diff', 'cloud=cloud.txt', '--output', 'yaml'], { cwd, env }).stdout).toMatch(/^schemaVersion: 1\n/)
  })

  it('prints a script that stops at a line that the device refuses', () => {
    const cwd = deployed(larger, acceptance)
    const { stdout } = natplan(['diff', 'cloud=cloud.txt', '--script'], { cwd, env })
    expect(stdout).toMatch(/^#!\/bin\/vbash\n/)
    expect(stdout).toContain('delete nat source rule 1000 || problems=1\n')
    expect(
      natplan(['diff', 'cloud=cloud.txt', '--script'], { cwd: deployed(acceptance, acceptance), env }).stdout,
    ).toBe('')
  })

  it('repairs a rule of its own that somebody broke, and avoids those of others', () => {
    const cwd = deployed(acceptance, larger)
    const running = readFileSync(join(cwd, 'cloud.txt'), 'utf8')
    const broken = `set nat source rule 1000 disable
set nat source rule 1010 description 'mine'
set nat source rule 1010 outbound-interface name 'eth7'
set nat source rule 1010 source address '172.29.0.0/16'
set nat source rule 1010 translation address 'masquerade'
`
    writeFileSync(join(cwd, 'cloud.txt'), `${running}${broken}`)
    const { stdout, status } = natplan(['diff', 'cloud=cloud.txt'], { cwd, env })
    expect(status).toBe(0)
    expect(stdout).toContain('delete nat source rule 1000 disable\n')
    expect(stdout).not.toContain('rule 1010')
    expect(stdout).toContain("set nat source rule 1020 source address '10.0.0.0/28'\n")
  })

  it('prints nothing when something of others is in the way', () => {
    const cwd = deployed(acceptance, acceptance)
    const masquerade = "set nat source rule 5 translation address 'masquerade'\n"
    writeFileSync(join(cwd, 'cloud.txt'), `${readFileSync(join(cwd, 'cloud.txt'), 'utf8')}${masquerade}`)
    const { stdout, stderr, status } = natplan(['diff', 'cloud=cloud.txt'], { cwd, env })
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr).toContain('error EXISTING_RULE_FIRST')
  })

  it('takes natplan off the gateway of a site that left the plan', () => {
    const cwd = deployed(acceptance, acceptance)
    const renamed = acceptance.replaceAll('onpremise', 'office').replace('192.0.2.20', '192.0.2.77')
    writeFileSync(join(cwd, 'natplan.yaml'), renamed)
    const mine = "set nat source rule 7 outbound-interface name 'eth9'\n"
    const running = `${readFileSync(join(cwd, 'onpremise.txt'), 'utf8')}${mine}`
    writeFileSync(join(cwd, 'onpremise.txt'), running)
    const { stdout, stderr, status } = natplan(['diff', 'onpremise=onpremise.txt'], { cwd, env })
    expect(status).toBe(0)
    expect(stdout).toMatch(/^(delete .*\n)+$/)
    expect(stdout).toContain('delete security vpn ipsec site-to-site peer 203.0.113.10\n')
    expect(stdout).not.toContain('rule 7')
    expect(stderr).toContain('natplan: onpremise: 2 routes removed, 2 rules removed, 1 tunnel removed')
  })

  it('takes nothing off for a site that natplan never had there', () => {
    const cwd = deployed(acceptance, acceptance)
    const { stdout, stderr, status } = natplan(['diff', 'offcie=onpremise.txt'], { cwd, env })
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain('the plan has no gateway of a site "offcie"')
  })

  it('prints no lines for the configuration of another site, whether it is in the plan or not', () => {
    const cwd = deployed(acceptance, acceptance)
    const swapped = natplan(['diff', 'cloud=onpremise.txt'], { cwd, env })
    expect([swapped.status, swapped.stdout]).toEqual([1, ''])
    expect(swapped.stderr).toMatch(
      /^onpremise.txt error EXISTING_OTHER_SITE this is the configuration of onpremise, not of cloud\n/,
    )
  })

  it.each([
    ['no file at all', []],
    ['a file without a site', ['cloud.txt']],
    ['a site twice', ['cloud=cloud.txt', 'cloud=onpremise.txt']],
    ['two files from standard input', ['cloud=-', '-f', '-']],
    ['a site that is not there', ['clod=cloud.txt']],
    ['a file that is not there', ['cloud=missing.txt']],
  ])('refuses %s', (_, args) => {
    const { status, stdout } = natplan(['diff', ...args], { cwd: deployed(acceptance, acceptance), env, input: 'x' })
    expect([status, stdout]).toEqual([2, ''])
  })
})
