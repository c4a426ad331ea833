import { describe, expect, it } from 'vitest'
import { lacksEsp } from '../../../packages/cli/src/lab/needs.ts'
import { requireLab } from '../../support/require.ts'
import { runGuest } from '../lab/guest.ts'
import { findGuestKernel } from '../lab/guest-kernel.ts'
import { judged, type RoundReport, shownDisagreement } from './judge-rounds.ts'
import { type RoundOptions, roundsOf } from './rounds.ts'
import { type RoundRun, runRounds } from './run-rounds.ts'
import { topologies } from './topologies.ts'

const options: RoundOptions = { seeds: [1, 2], configurations: 2, filterings: 1, closed: 1, mended: 0.4, packets: 32 }

/** At most so many of a hundred packets may be such that natplan does not know. */
const unknownLimit = 5

const kernel = findGuestKernel()
const hasEsp = process.getuid?.() === 0 && (await lacksEsp().catch((error) => String(error))) === undefined

/** Milliseconds for all rounds: a software CPU is slow, and other tests run beside it. */
const limit = 1_200_000

async function run(): Promise<RoundReport[]> {
  const runs = new Map<string, RoundRun>()
  const heard = (one: RoundRun) => runs.set(one.name, one)
  if (hasEsp) await runRounds(`agreement-${process.pid}`, options, heard)
  else if (kernel) {
    const program = { file: '../agreement/in-guest.ts', input: JSON.stringify(options) }
    await runGuest(kernel, program, (line) => heard(JSON.parse(line) as RoundRun))
  }
  return roundsOf(options).map((round) => judged(round, runs.get(round.name)))
}

const packetsOf = (isFiltered: boolean) =>
  roundsOf(options)
    .filter((round) => round.isFiltered === isFiltered)
    .flatMap(({ packets }) => packets).length

describe('random networks', () => {
  it('are the same for the same seeds, and at least 750 packets in ten topologies, and 1,000 that meet filters', () => {
    expect(JSON.stringify(roundsOf(options))).toBe(JSON.stringify(roundsOf(options)))
    expect(topologies.length).toBeGreaterThanOrEqual(10)
    expect(packetsOf(false)).toBeGreaterThanOrEqual(750)
    expect(packetsOf(true)).toBeGreaterThanOrEqual(1000)
  })
})

requireLab({ hasEsp, hasKernel: kernel !== undefined })(
  `random networks, ${hasEsp ? 'on this kernel' : 'in a guest'}`,
  () => {
    it(
      'do with random packets what natplan says of the texts of their gateways',
      async () => {
        const reports = await run()
        expect(reports.flatMap(problemsIn)).toEqual([])
        for (const isFiltered of [false, true]) {
          const own = reports.filter((report) => report.isFiltered === isFiltered)
          const fates = own.flatMap((report) => report.fates)
          expect(fates.length).toBe(packetsOf(isFiltered))
          expect(kindsOf(fates)).toEqual(['answered', 'arrives', 'in clear', 'vanishes'])
          expect(own.flatMap(disagreementsIn).slice(0, shown)).toEqual([])
          const unknown = own.flatMap((report) => report.unknown)
          expect((100 * unknown.length) / fates.length).toBeLessThan(unknownLimit)
        }
        const said = new Set(reports.flatMap(({ dispositions }) => dispositions))
        expect([...said]).toEqual(expect.arrayContaining(['delivered', 'filtered', 'ike-blocked', 'esp-blocked']))
        // What natplan says is missing was entered, in each language, and whatever it is for passes.
        expect(reports.flatMap(unopenedIn).slice(0, shown)).toEqual([])
        expect(languagesOf(reports.flatMap(({ mending }) => mending))).toEqual(['iptables', 'nft', 'set'])
      },
      limit,
    )
  },
)

/** So many disagreements are shown. */
const shown = 20

function problemsIn({ name, changes, problem }: RoundReport): string[] {
  return problem === undefined ? [] : [`${name} (${changes}): ${problem}`]
}

/** With everything that is needed to look into it. */
function disagreementsIn({ name, changes, disagreements, texts }: RoundReport): string[] {
  const given = texts.map(([site, text]) => `--- ${site}\n${text}`).join('\n')
  return disagreements.map((one) => `${name} (${changes}): ${shownDisagreement(one)}\n${given}`)
}

function unopenedIn({ name, changes, unopened, mending, texts }: RoundReport): string[] {
  const given = texts.map(([site, text]) => `--- ${site}\n${text}`).join('\n')
  return unopened.map((one) => `${name} (${changes}): ${one}\n${mending.join('\n')}\n${given}`)
}

/** The commands of lines as `a: nft …`. */
function languagesOf(lines: readonly string[]): string[] {
  return [...new Set(lines.flatMap((line) => line.split(' ')[1] ?? []))].sort()
}

/** What happens to packets at all, so that agreement means something. */
function kindsOf(fates: readonly string[]): string[] {
  const kindOf = (fate: string) => {
    if (fate.includes('answered')) return 'answered'
    if (fate.includes('clearThere')) return 'in clear'
    return fate.includes('reachedHost') ? 'arrives' : 'vanishes'
  }
  return [...new Set(fates.map(kindOf))].sort()
}
