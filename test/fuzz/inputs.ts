import { spellings, withSecret } from '../support/secret-spellings.ts'
import { mutated } from './mutations.ts'
import { Random } from './random.ts'
import type { Texts } from './texts.ts'

const lines = Object.values(spellings).flat()

/** One thing to try: a command line, its files, and what nobody may see. */
export interface Input {
  readonly args: readonly string[]
  readonly files: Readonly<Record<string, string>>
  readonly secret: string
}

type Maker = (random: Random, texts: Texts, secret: string) => Omit<Input, 'secret'>

const formats = ['table', 'json', 'yaml', 'markdown']
const letters = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/** Everything about an input follows from its seed. */
export function inputOf(seed: number, texts: Texts): Input {
  const random = new Random(seed)
  const secret = `Zq${Array.from({ length: 10 }, () => letters[random.below(letters.length)]).join('')}`
  return { ...random.one(makers)(random, texts, secret), secret }
}

const makers: readonly Maker[] = [
  verifyDumps,
  verifyDumps,
  verifyDumps,
  verifyPlan,
  traceDumps,
  planAndLock,
  asJson,
  diffDump,
  prefixes,
  prefixes,
  configurations,
]

/** A configuration that was changed, and then got lines with a secret in them. */
function dump(random: Random, { dumps }: Texts, secret: string): { readonly platform: string; readonly text: string } {
  const { platform, text } = random.one(dumps)
  const changed = random.chance(90)
    ? mutated(
        text,
        random,
        dumps.map((one) => one.text),
      )
    : text
  return { platform, text: withSecrets(changed, random, secret) }
}

function withSecrets(text: string, random: Random, secret: string): string {
  const all = text.split('\n')
  for (let count = random.below(3); count > 0; count--) {
    all.splice(random.below(all.length + 1), 0, withSecret(random.one(lines), secret))
  }
  return all.join('\n')
}

function named({ platform }: { readonly platform: string }, site: string, random: Random): string {
  return random.chance(70) ? `${site}:${platform}=${site}.txt` : `${site}=${site}.txt`
}

function verifyDumps(random: Random, texts: Texts, secret: string) {
  const [a, b] = [dump(random, texts, secret), dump(random, texts, secret)]
  const args = ['verify', named(a, 'a', random), named(b, 'b', random), '--output', random.one(formats)]
  if (random.chance(30)) args.push('--routes', random.one(['a=routes.txt', 'routes.txt']))
  return { args, files: { 'a.txt': a.text, 'b.txt': b.text, 'routes.txt': routesText(random, texts, secret) } }
}

function routesText(random: Random, { routes }: Texts, secret: string): string {
  return withSecrets(mutated(random.one(routes), random, routes), random, secret)
}

function verifyPlan(random: Random, texts: Texts, secret: string) {
  const { args, files } = planAndLock(random, texts, secret)
  const one = dump(random, texts, secret)
  const site = random.one(['cloud', 'onpremise', 'hub'])
  const more = random.chance(50) ? [named(one, site, random)] : ['--routes', `${site}=routes.txt`]
  return {
    args: ['verify', '-f', 'natplan.yaml', ...more, ...args.slice(2)],
    files: { ...files, [`${site}.txt`]: one.text, 'routes.txt': routesText(random, texts, secret) },
  }
}

function traceDumps(random: Random, texts: Texts, secret: string) {
  const [a, b] = [dump(random, texts, secret), dump(random, texts, secret)]
  const configs = ['--config', named(a, 'a', random), '--config', named(b, 'b', random)]
  const ends = [
    random.one(['a:10.0.1.5', 'a:10.1.0.5', '10.0.1.5']),
    random.one(['192.168.1.77', '10.2.0.7', '10.0.1.77']),
  ]
  return {
    args: ['trace', ...ends, ...configs, '--output', random.one(['table', 'json', 'yaml', 'markdown'])],
    files: { 'a.txt': a.text, 'b.txt': b.text },
  }
}

function planAndLock(random: Random, { plans, locks }: Texts, _secret: string) {
  const plan = random.chance(80) ? mutated(random.one(plans), random, plans) : random.one(plans)
  const files: Record<string, string> = { 'natplan.yaml': plan }
  if (random.chance(50)) files['natplan.lock.yaml'] = mutated(random.one(locks), random, locks)
  const [command, ...more] = random.one([['plan'], ['vyatta'], ['kubernetes'], ['overlaps'], ['verify'], ['release']])
  const output =
    command === 'vyatta' || command === 'kubernetes' || command === 'release' ? [] : ['--output', random.one(formats)]
  const file = command === 'verify' ? ['-f', 'natplan.yaml'] : ['natplan.yaml']
  return { args: [command as string, ...file, ...more, ...output], files }
}

function asJson(random: Random, texts: Texts) {
  const plan = JSON.stringify(
    {
      version: 1,
      sites: { a: { subnets: ['10.0.0.0/24'] }, b: { subnets: ['10.0.0.0/24'], reserved: ['10.1.0.0/16'] } },
      tunnels: [{ sites: ['a', 'b'] }],
    },
    null,
    random.below(2),
  )
  return {
    args: ['plan', 'natplan.json', '--output', random.one(formats)],
    files: { 'natplan.json': mutated(plan, random, texts.plans) },
  }
}

function diffDump(random: Random, texts: Texts, secret: string) {
  const one = dump(random, texts, secret)
  const site = random.one(['cloud', 'onpremise'])
  const [plan = ''] = texts.plans.filter((text) => text.includes('onpremise') && text.includes('gateway'))
  const command = random.chance(60)
    ? ['diff', `${site}=running.txt`, '-f', 'natplan.yaml', '--output', random.one(['text', 'json', 'yaml'])]
    : ['vyatta', 'natplan.yaml', '--existing', `${site}=running.txt`]
  return {
    args: command,
    files: { 'natplan.yaml': random.chance(80) ? plan : mutated(plan, random, texts.plans), 'running.txt': one.text },
  }
}

function prefixes(random: Random, { lists, dumps }: Texts, secret: string) {
  const text = random.chance(80) ? random.one(lists) : random.one(dumps).text
  const options = random.one([
    [],
    [],
    ['--extract'],
    ['--format', random.one(['list', 'csv', 'json', 'ndjson'])],
    ['--host-bits', 'mask'],
    ['--within'],
  ])
  const command = random.chance(70)
    ? ['overlaps', 'one.txt', 'two.txt', '--output', random.one([...formats, 'csv', 'ndjson'])]
    : ['free', 'one.txt', '--in', '10.0.0.0/8', '--length', '24', '--output', random.one(formats)]
  const two = random.one(lists)
  return {
    args: [...command, ...options],
    files: {
      'one.txt': withSecrets(mutated(text, random, lists), random, secret),
      'two.txt': random.chance(50) ? mutated(two, random, lists) : two,
    },
  }
}

/** A dump of every kind under the name of any platform. */
function configurations(random: Random, texts: Texts, secret: string) {
  const one = dump(random, texts, secret)
  const platform = random.one(texts.dumps).platform
  return { args: ['verify', `a:${platform}=a.txt`, '--output', random.one(formats)], files: { 'a.txt': one.text } }
}
