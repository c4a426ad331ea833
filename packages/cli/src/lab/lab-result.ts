import type { LabDocument, Table } from '@natplan/app'
import type { LabCheck } from './check.ts'
import type { Lab } from './lab.ts'

/** What was built, and how to get into it. */
export function machineTable(lab: Lab): Table {
  const rows = lab.topology.machines.map(({ name, kind, addresses }) => [
    name,
    kind,
    addresses.join(', '),
    `sudo ${enter(lab, name).join(' ')}`,
  ])
  return {
    title: `Lab ${lab.name}`,
    columns: ['machine', 'kind', 'addresses', 'a shell in it'],
    rows,
    empty: 'no machines',
    footer: 'next: natplan lab check; natplan lab down takes everything away',
  }
}

function enter(lab: Lab, name: string): string[] {
  return lab.machine(name).enter([])
}

export function checkTable(checks: readonly LabCheck[]): Table {
  const rows = checks.map(({ passed, what, from, to, seen, expected }) => [
    passed ? 'ok' : 'FAILED',
    what,
    from,
    to,
    passed ? seen : `${seen}; expected: ${expected}`,
  ])
  const failed = checks.filter(({ passed }) => !passed).length
  return {
    title: 'Checks',
    columns: ['', 'what', 'from', 'to', 'seen'],
    rows,
    empty: 'nothing to check',
    footer: failed === 0 ? `all ${checks.length} passed` : `${failed} of ${checks.length} failed`,
  }
}

export function labToDocument(lab: Lab): LabDocument {
  const { machines, gateways, leftOut } = lab.topology
  return {
    schemaVersion: 1,
    lab: lab.name,
    machines: machines.map(({ name, kind, addresses }) => ({
      name,
      kind,
      addresses: [...addresses],
      pid: lab.machine(name).pid,
    })),
    gateways: gateways.map(({ site, machine, platform }) => ({ site, machine, platform })),
    leftOut: [...leftOut],
    checks: [],
  }
}

export function checksToDocument(lab: Lab, checks: readonly LabCheck[]): LabDocument {
  return { ...labToDocument(lab), checks: checks.map((check) => ({ ...check })) }
}
