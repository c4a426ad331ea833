import type { GatewayPolicy } from '@natplan/core'
import { platformModule } from '@natplan/templates'
import { describe, expect, it } from 'vitest'
import { formed } from '../golden/platforms/cases.ts'
import { derive, type Written } from '../support/policies.ts'

const linux = platformModule('linux')

function policyOf(written: Written): GatewayPolicy {
  const policy = derive(written).policies.find(({ site }) => site === 'left')
  if (!policy) throw new Error('no policy')
  return policy
}

function started(start: 'trap' | 'initiate', more: Partial<NonNullable<Written['tunnels']>[number]> = {}) {
  return policyOf(formed('linux', { start: { left: start }, ...more }))
}

const [calling, waiting] = [started('initiate'), started('trap')]

function textsOf(policy: GatewayPolicy) {
  const { texts } = linux?.render(policy, { secrets: new Map() }) ?? {}
  if (!texts) throw new Error('no texts')
  return texts
}

/** The files of these names, one behind the other. */
function filesOf(policy: GatewayPolicy, names: RegExp): string {
  return textsOf(policy)
    .files.filter(({ name }) => names.test(name))
    .map(({ text }) => text)
    .join('')
}

const compared = /natplan\.nft$|connections|sysctl/

function operations(text: string, policy: GatewayPolicy) {
  const { operations: all = [] } = linux?.compare?.diff(text, policy, { secrets: new Map(), showSecrets: false }) ?? {}
  return all.filter((one) => one.text.includes('natplan-calls'))
}

describe('a Linux gateway that brings a tunnel up by itself', () => {
  it('calls again each pair that is not there, and one that waits for packets calls nobody', () => {
    const script = filesOf(calling, /calls\.sh$/)
    const right = calling.tunnels.find(({ start }) => start === 'initiate')
    const children = right?.selectors.map(({ number }) => `natplan-right-${number}`)
    expect([...script.matchAll(/--initiate --child (\S+)/g)].map(([, name]) => name)).toEqual(children)
    expect(textsOf(waiting).files.filter(({ name }) => /calls/.test(name))).toEqual([])
    expect(textsOf(calling).check).toContain('systemctl is-active natplan-calls.service')
    expect(textsOf(waiting).check).not.toContain('natplan-calls')
  })

  it('says nothing that is not understood when it is read back', () => {
    const device = linux?.readDevice?.(textsOf(calling).configure).device
    expect(device?.unread).toEqual([])
    expect(device?.tunnels.map(({ start }) => start)).toEqual(['trap', 'initiate'])
  })

  it.each([
    ['its files', filesOf(calling, compared)],
    ['its files and the script', filesOf(calling, /natplan\.nft$|connections|sysctl|calls/)],
    ['all that natplan wrote', textsOf(calling).configure],
  ])('is as planned with %s', (_, text) => {
    expect(operations(text, calling)).toEqual([])
    expect(operations(filesOf(waiting, compared), waiting)).toEqual([])
  })

  it('gets the script with connections that begin anew, and where it calls others', () => {
    const script = filesOf(calling, /calls\.sh$/)
    const changed = script.replace(/^ {2}echo .*\n/m, '')
    for (const text of ['', filesOf(waiting, compared), `${filesOf(calling, compared)}${changed}`]) {
      const [operation, ...more] = operations(text, calling)
      expect(more).toEqual([])
      expect(operation?.path).toEqual(['/etc/natplan/natplan-calls.sh'])
      expect(operation?.text).toContain('systemctl restart natplan-calls.service')
    }
  })

  it('loses it when the plan has it wait, whether the text shows it or not', () => {
    for (const names of [compared, /natplan\.nft$|connections|sysctl|calls/]) {
      const [operation, ...more] = operations(filesOf(calling, names), waiting)
      expect(more).toEqual([])
      expect(operation?.reason).toBe('surplus')
      expect(operation?.text).toContain('systemctl stop natplan-calls.service')
    }
  })

  it('loses it with everything else', () => {
    const off = linux?.compare
      ?.takeOff(filesOf(calling, compared), 'left')
      .operations.map(({ text }) => text)
      .join('')
    for (const text of [off, textsOf(calling).remove, textsOf(waiting).configure]) {
      expect(text).toContain('rm -f /etc/systemd/system/natplan-calls.service /etc/natplan/natplan-calls.sh')
    }
  })
})
