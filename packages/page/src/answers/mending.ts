import {
  diffGateways,
  diffSummary,
  diffText,
  diffToDocument,
  type GatewayDiff,
  type Imported,
  judgePlan,
  type NamedText,
} from '@natplan/app'
import { hasErrors, type Plan, whoseDevice } from '@natplan/core'
import { detectPlatform, platformModule } from '@natplan/templates'
import { fileNames, type Given } from './given.ts'
import { siteNamesOf } from './names-in-texts.ts'
import type { MendedGateway, MendingPart } from './parts.ts'
import { findingsOf, type Planned } from './planned.ts'
import { runningOf } from './running.ts'
import { type Told, toldError, toldOf } from './told.ts'

/** A running configuration and, where the plan has it, its site. */
interface Running extends NamedText {
  readonly site: string | undefined
  /** What makes that which somebody configured by hand natplan's; it comes first. */
  readonly adoption: readonly string[]
}

/** What the running configurations are held against. */
interface Meant {
  readonly planned: Planned | undefined
  /** What was found on the way to the plan file. */
  readonly findings: readonly Told[]
  readonly adoptions: NonNullable<Imported['adoptions']>
}

const boxes = ['ours', 'theirs'] as const

/** What `natplan diff` says of the running configurations among the two texts; `undefined` where there is none. */
export function mendingOf(given: Given, { planned, findings, adoptions }: Meant): MendingPart | undefined {
  const texts = boxes.map((box) => ({ name: fileNames[box], text: given[box] }))
  const configs = texts.filter(({ text }) => detectPlatform(text))
  if (configs.length === 0) return undefined
  const isMeantKnown = planned !== undefined && !findings.some(({ severity }) => severity === 'error')
  const plan = isMeantKnown && !hasErrors(planned.withPlan.findings) ? planned.withPlan.plan : undefined
  if (!planned || !plan) return { document: undefined, gateways: configs.map(withoutPlan), findings: [] }
  const running = configs.map((config) => siteOf(config, { given, plan, adoptions }))
  try {
    return asTheyRun(compared(running, { plan, planned }), given)
  } catch (error) {
    const gateways = running.map((one) => unknown(one, 'natplan cannot compare it with the plan; why stands below.'))
    return { document: undefined, gateways, findings: [toldError(error, fileNames.plan)] }
  }
}

function siteOf(
  config: NamedText,
  { given, plan, adoptions }: { readonly given: Given; readonly plan: Plan } & Pick<Meant, 'adoptions'>,
): Running {
  const named = siteNamesOf(given)[config.name as 'ours' | 'theirs']
  const isPlanned = [...plan.network.sites.values()].some(({ name, gateway }) => name === named && gateway)
  const site = isPlanned ? named : whoseConfig(config.text, plan)
  return { ...config, site, adoption: adoptions.find((one) => one.site === site)?.lines ?? [] }
}

function whoseConfig(text: string, { network }: Plan): string | undefined {
  const detected = detectPlatform(text)
  const device = detected && platformModule(detected.platform)?.readDevice?.(text).device
  return device && whoseDevice(device, network)
}

/** Nothing to enter anywhere is no good news where packets do not arrive, as with two keys, which are not compared. */
function asTheyRun(part: MendingPart, given: Given): MendingPart {
  if (part.gateways.some(({ lines }) => lines !== '')) return part
  const result = runningOf({ ...given, plan: undefined })?.document.result
  if (result === undefined || result === 'proven') return part
  const what = result === 'fault' ? 'not everything arrives' : 'it is not known whether everything arrives'
  const says = `No difference from the plan was found, and yet ${what}: what is missing is not known here; see what is said of them as they run.`
  return { ...part, gateways: part.gateways.map((one) => ({ ...one, says: [says, ...one.says.slice(1)] })) }
}

function compared(
  running: readonly Running[],
  { plan, planned }: { readonly plan: Plan; readonly planned: Planned },
): MendingPart {
  const known = running.filter((one) => one.site !== undefined && adoptedText(one) !== undefined)
  const texts = new Map(known.map((one) => [one.site ?? '', { name: one.name, text: adoptedText(one) ?? '' }]))
  const {
    diffs,
    findings,
    running: read,
  } = diffGateways(plan, {
    texts,
    keys: new Map(),
    showSecrets: false,
    judge: judgePlan,
  })
  const said = [
    ...toldOf(findings, planned.withPlan.documents),
    ...read.flatMap(({ config, findings: own }) => toldOf(own, { config: config.document })),
  ]
  return {
    document: diffToDocument(diffs, [...findingsOf(planned), ...said]),
    gateways: running.map((one) =>
      mended(
        one,
        diffs.find(({ site }) => site === one.site),
      ),
    ),
    findings: said,
  }
}

/** The text as it is once the lines of its adoption are entered; `undefined` where only the device can tell. */
function adoptedText({ text, adoption }: Running): string | undefined {
  if (adoption.length === 0) return text
  const isOfLines = /^set /m.test(text) && !/\{\s*$|^\s*edit\b/m.test(text)
  const isAdded = adoption.every((line) => line.startsWith('set '))
  return isOfLines && isAdded ? `${text.trimEnd()}\n${adoption.join('\n')}\n` : undefined
}

function mended(running: Running, diff: GatewayDiff | undefined): MendedGateway {
  const { name, site, adoption } = running
  if (site === undefined) return unknown(running, 'the plan has no site with this gateway.')
  const first = adoption.length === 0 ? undefined : `${adoption.join('\n')}\n`
  if (adoptedText(running) === undefined)
    return { ...unknown(running, 'enter the first lines, then give the configuration as it is after them.'), first }
  if (!diff) return { ...unknown(running, 'natplan cannot bring it to the plan; why stands below.'), first }
  const lines = diffText([diff], { script: false, headings: false })
  return {
    name,
    title: site === name ? name : `${name} (${site})`,
    first,
    lines,
    says: [...(lines === '' ? [nothingIn(diff)] : summaryOf(diff)), ...doubtsIn(diff)],
  }
}

function summaryOf(diff: GatewayDiff): string[] {
  return diffSummary([diff]).map((line) => line.replace(/^natplan: \S+: /, ''))
}

function nothingIn({ running: { shown } }: GatewayDiff): string {
  return shown.unread.length === 0
    ? 'It is as planned: there is nothing to enter.'
    : 'Whether something is missing is not known; no difference was found in what was read.'
}

/** What was not looked at. */
function doubtsIn({ running: { shown }, difference: { keys } }: GatewayDiff): string[] {
  const { unread } = shown
  const open = keys.filter(({ outcome }) => outcome === 'not compared').map(({ peer }) => peer)
  const lines = unread.map(({ line }) => line)
  return [
    ...(lines.length === 0
      ? []
      : [`Not understood, so not compared: ${lines.length === 1 ? 'line' : 'lines'} ${numbersOf(lines)}.`]),
    ...(open.length === 0 ? [] : [`Not compared: the key for ${open.join(', ')}.`]),
  ]
}

/** So many lines are named. */
const namedLines = 20

function numbersOf(lines: readonly number[]): string {
  const left = lines.length - namedLines
  return `${lines.slice(0, namedLines).join(', ')}${left > 0 ? ` and ${left} more` : ''}`
}

function withoutPlan({ name }: NamedText): MendedGateway {
  return unknown({ name }, 'there is no plan to hold it against: first mend what stands beside the texts.')
}

function unknown({ name }: Pick<Running, 'name'>, why: string): MendedGateway {
  return { name, title: name, first: undefined, lines: undefined, says: [`Not known: ${why}`] }
}
