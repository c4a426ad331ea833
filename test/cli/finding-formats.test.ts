import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { natplan, root } from '../support/command.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const wrongPlan = 'version: 1\nsites:\n  a: { subnets: [10.0.0.0/24], x: 1 }\n  b: { subnets: [10.0.0.0/24] }\n'
const acceptance = readFileSync(`${root}examples/acceptance/natplan.yaml`, 'utf8')
const goodPlan = wrongPlan.replace(', x: 1', '')

/** What SARIF 2.1.0 says of the parts of it that natplan writes. */
const exact = (properties: object, required: readonly string[] = []) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
})
const text = { type: 'string', minLength: 1 }
const message = exact({ text }, ['text'])
const location = {
  id: { type: 'integer', minimum: 0 },
  message,
  physicalLocation: exact(
    {
      artifactLocation: exact({ uri: { type: 'string', pattern: "^[A-Za-z0-9._~!$&'()*+,;=:@/%-]+$" } }, ['uri']),
      region: exact({ startLine: { type: 'integer', minimum: 1 }, startColumn: { type: 'integer', minimum: 1 } }, [
        'startLine',
      ]),
    },
    ['artifactLocation'],
  ),
  logicalLocations: { type: 'array', items: exact({ fullyQualifiedName: text }, ['fullyQualifiedName']) },
}
const level = { enum: ['none', 'note', 'warning', 'error'] }
const sarif = exact(
  {
    $schema: { type: 'string', format: undefined },
    version: { const: '2.1.0' },
    runs: {
      type: 'array',
      minItems: 1,
      items: exact(
        {
          tool: exact(
            {
              driver: exact(
                {
                  name: text,
                  version: text,
                  rules: {
                    type: 'array',
                    uniqueItems: true,
                    items: exact(
                      {
                        id: text,
                        shortDescription: message,
                        help: exact({ text, markdown: text }, ['text']),
                        defaultConfiguration: exact({ level }),
                      },
                      ['id'],
                    ),
                  },
                },
                ['name'],
              ),
            },
            ['driver'],
          ),
          columnKind: { enum: ['utf16CodeUnits', 'unicodeCodePoints'] },
          results: {
            type: 'array',
            items: exact(
              {
                ruleId: text,
                ruleIndex: { type: 'integer', minimum: 0 },
                level,
                message,
                locations: { type: 'array', items: exact(location) },
                relatedLocations: { type: 'array', uniqueItems: true, items: exact(location) },
                properties: { type: 'object' },
              },
              ['message'],
            ),
          },
        },
        ['tool'],
      ),
    },
  },
  ['version', 'runs'],
)
const isSarif = new Ajv2020({ strict: false }).compile(sarif)

interface Sarif {
  readonly runs: readonly [
    {
      readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } }
      readonly results: readonly {
        readonly ruleId: string
        readonly ruleIndex: number
        readonly level: string
        readonly message: { readonly text: string }
        readonly locations: readonly {
          readonly physicalLocation?: { readonly artifactLocation: { readonly uri: string }; readonly region?: object }
        }[]
      }[]
    },
  ]
}

function sarifOf(stdout: string): Sarif['runs'][0] {
  const document = JSON.parse(stdout) as Sarif
  isSarif(document)
  expect(isSarif.errors).toBeNull()
  const [run] = document.runs
  for (const { ruleId, ruleIndex } of run.results) expect(run.tool.driver.rules[ruleIndex]?.id).toBe(ruleId)
  return run
}

describe('--format sarif', () => {
  it('puts a document in place of the result, and tells people the same', () => {
    const cwd = temporaryFolder({ 'natplan.yaml': wrongPlan })
    const { status, stdout, stderr } = natplan(['plan', '--format', 'sarif'], { cwd })
    expect(status).toBe(1)
    expect(sarifOf(stdout).results).toEqual([
      {
        ruleId: 'KEY_UNKNOWN',
        ruleIndex: 0,
        level: 'error',
        message: { text: 'unknown key "x"\nhint: known here: subnets, reserved, hosts, domain, kubernetes, gateway' },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: 'natplan.yaml' },
              region: { startLine: 3, startColumn: 32 },
            },
            logicalLocations: [{ fullyQualifiedName: 'sites.a.x' }],
          },
        ],
      },
    ])
    expect(stderr).toContain('natplan.yaml:3:32 error KEY_UNKNOWN')
  })

  it('is a document without results where nothing was found', () => {
    const cwd = temporaryFolder({ 'natplan.yaml': goodPlan })
    const { status, stdout } = natplan(['plan', '--format', 'sarif'], { cwd })
    expect([status, sarifOf(stdout).results]).toEqual([0, []])
  })

  it('has related places, of configurations as well', () => {
    const tunnel = (local: string, remote: string, hash: string) => `set interfaces ethernet eth0 address '${local}/24'
set vpn ipsec esp-group E proposal 1 encryption 'aes256'
set vpn ipsec esp-group E proposal 1 hash '${hash}'
set vpn ipsec ike-group I key-exchange 'ikev2'
set vpn ipsec ike-group I proposal 1 dh-group '14'
set vpn ipsec ike-group I proposal 1 encryption 'aes256'
set vpn ipsec ike-group I proposal 1 hash '${hash}'
set vpn ipsec site-to-site peer P remote-address '${remote}'
set vpn ipsec site-to-site peer P default-esp-group 'E'
set vpn ipsec site-to-site peer P ike-group 'I'
set vpn ipsec site-to-site peer P local-address '${local}'
set vpn ipsec site-to-site peer P tunnel 1 local prefix '${local.startsWith('203') ? '10.1.0.0/24' : '10.2.0.0/24'}'
set vpn ipsec site-to-site peer P tunnel 1 remote prefix '${local.startsWith('203') ? '10.2.0.0/24' : '10.1.0.0/24'}'
`
    const cwd = temporaryFolder({
      'a.txt': tunnel('203.0.113.1', '198.51.100.1', 'sha256'),
      'b.txt': tunnel('198.51.100.1', '203.0.113.1', 'sha512'),
    })
    const { stdout } = natplan(['verify', 'a=a.txt', 'b=b.txt', '--format', 'sarif'], { cwd })
    const { results } = sarifOf(stdout)
    const places = results.flatMap(({ locations }) =>
      locations.map((one) => one.physicalLocation?.artifactLocation.uri),
    )
    expect(places).toContain('a.txt')
    expect(JSON.stringify(results)).toContain('relatedLocations')
  })

  it('has no link, no argument and no bad address out of what strangers wrote', () => {
    const name = 'a [x](http:) b%20\u202e.yaml'
    const cwd = temporaryFolder({ [name]: wrongPlan.replace('x: 1', '"[l](http://evil.example) {0}": 1') })
    const { stdout } = natplan(['plan', name, '--format', 'sarif'], { cwd })
    const [result] = sarifOf(stdout).results
    expect(result?.message.text).toContain('[l] (http://evil.example) {{0}}')
    expect(result?.locations[0]?.physicalLocation?.artifactLocation.uri).toBe(
      'a%20%5Bx%5D(http%3A)%20b%2520%E2%80%AE.yaml',
    )
  })

  it('names standard input and no file', () => {
    const { stdout } = natplan(['plan', '-', '--format', 'sarif'], { input: wrongPlan, cwd: temporaryFolder() })
    expect(sarifOf(stdout).results[0]?.locations[0]?.physicalLocation).toBeUndefined()
  })

  it.each([
    ['generate', '-o', 'out'],
    ['vyatta'],
    ['kubernetes'],
    ['kubernetes', '--kustomize', 'k'],
    ['diff', 'a=a.txt'],
    ['verify'],
  ])('is all that natplan %s %s %s prints', (...args) => {
    const cwd = temporaryFolder({
      'natplan.yaml': ['diff', 'verify'].includes(args[0] ?? '') ? goodPlan : acceptance,
      'a.txt': "set interfaces ethernet eth0 address '192.0.2.1/24'\n",
    })
    sarifOf(natplan([...args, '--format', 'sarif'], { cwd }).stdout)
  })
})

describe('--format github', () => {
  it('prints commands of GitHub Actions beside the result', () => {
    const cwd = temporaryFolder({ 'natplan.yaml': wrongPlan })
    const { status, stdout, stderr } = natplan(['verify', '--format', 'github', '--output', 'json'], { cwd })
    expect(status).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ proven: false })
    expect(stderr).toBe(
      '::error file=natplan.yaml,line=3,col=32,title=natplan KEY_UNKNOWN::sites.a.x: unknown key "x"%0Ahint: known here: subnets, reserved, hosts, domain, kubernetes, gateway\n',
    )
  })

  it('names files from the top of the repository', () => {
    const top = temporaryFolder()
    mkdirSync(join(top, 'net', 'work'), { recursive: true })
    writeFileSync(join(top, 'net', 'natplan.yaml'), wrongPlan)
    const run = (workspace: string) =>
      natplan(['plan', '../natplan.yaml', '--format', 'github'], {
        cwd: join(top, 'net', 'work'),
        env: { GITHUB_WORKSPACE: workspace },
      }).stderr
    expect(run(top)).toContain('::error file=net/natplan.yaml,line=3')
    expect(run(join(top, 'elsewhere'))).toContain('::error file=../natplan.yaml,line=3')
  })

  it('has no property and no command out of what strangers wrote', () => {
    const name = 'a,b:c%0A::x.yaml'
    const cwd = temporaryFolder({ [name]: wrongPlan.replace('x: 1', '"y\\n::warning::z%0A": 1') })
    const { stderr } = natplan(['plan', name, '--format', 'github'], { cwd })
    const [command, ...rest] = stderr.trim().split('\n')
    expect(command).toMatch(/^::error file=a%2Cb%3Ac%250A%3A%3Ax\.yaml,line=3,col=32,title=natplan KEY_UNKNOWN::/)
    expect(command).toContain('z%250A')
    expect(rest).toEqual(['natplan: no plan: 1 error'])
  })

  it('has no file for standard input', () => {
    const { stderr } = natplan(['plan', '-', '--format', 'github'], { input: wrongPlan, cwd: temporaryFolder() })
    expect(stderr).toContain('::error title=natplan KEY_UNKNOWN::standard input: sites.a.x')
  })
})
