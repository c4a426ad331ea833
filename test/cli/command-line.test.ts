import { spawnSync } from 'node:child_process'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commandFile, natplan, root } from '../support/command.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const acceptance = join(root, 'examples', 'acceptance')

describe('help', () => {
  it('lists the commands when none is named, and says that nothing was done', () => {
    const { status, stdout, stderr } = natplan([])
    expect([status, stderr]).toEqual([2, ''])
    expect(stdout).toBe(natplan(['--help']).stdout)
    for (const name of ['overlaps', 'verify', 'trace', 'completion']) expect(stdout).toContain(`natplan ${name}`)
  })

  it.each([
    [['help', 'verify'], 'natplan verify [inputs..]'],
    [['verify', 'help'], 'natplan verify [inputs..]'],
    [['verify', '-h'], 'natplan verify [inputs..]'],
    [['help'], 'Commands:'],
    [['help', 'completion'], 'natplan completion [shell]'],
    [['completion', '--help'], 'natplan completion [shell]'],
    [['gateway', '--help'], 'natplan vyatta [plan]'],
  ])('is what natplan %j asks for', (args, text) => {
    const { status, stdout, stderr } = natplan(args)
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toContain(text)
    expect(stdout).not.toContain('COMP_WORDS')
  })

  it('is not that of natplan where a command is meant that is none', () => {
    expect(natplan(['help', 'verfy'])).toMatchObject({ status: 2, stdout: '' })
    expect(natplan(['help', 'verfy']).stderr).toContain('did you mean natplan verify?')
  })

  it('takes version for a word as well', () => {
    expect(natplan(['version']).stdout).toBe(natplan(['--version']).stdout)
  })

  it('reads a file called help where it is more than a word', () => {
    const cwd = temporaryFolder({ help: 'version: 1\nsites: { a: { subnets: [10.0.0.0/24] } }\n' })
    expect(natplan(['plan', './help'], { cwd }).stdout).toContain('Overlaps')
    expect(natplan(['plan', '-f', 'help'], { cwd }).stdout).toContain('Overlaps')
  })
})

describe('a wrong command line', () => {
  it.each([
    [['plan', '--ouput', 'json'], 'natplan plan has no option --ouput', 'did you mean --output?'],
    [['plan', '--ouput=json'], 'natplan plan has no option --ouput', 'did you mean --output?'],
    [['verify', '--route', 'a=b'], 'no option --route', 'did you mean --routes?'],
    [['plan', '-o', 'json'], 'no option -o', 'did you mean --output?; -o is the folder of natplan generate'],
    [['plan', '--zzzzzzz'], 'no option --zzzzzzz', 'natplan plan --help lists all'],
    [['plan', '--output', 'jsn'], '--output is not "jsn"', 'did you mean json?'],
    [['plan', '--output', 'zzzzzz'], '--output is not "zzzzzz"', 'one of table, json, yaml, markdown'],
    [['lab', 'upp'], 'action is not "upp"', 'did you mean up?'],
    [['plan', '--file'], '--file needs a value', 'natplan plan [plan]'],
    [['plan', '--site'], '--site needs a value', 'natplan plan [plan]'],
    [['generate', '-o'], '-o needs a value', 'natplan generate [plan]'],
    [['generate'], '--output is missing', 'natplan generate [plan]'],
    [['release', 'a'], 'something is missing', 'natplan release <site> <prefix>'],
    [['psk', 'x'], 'natplan psk has no use for "x"', 'natplan psk'],
    [['vyatta', '--remove', '--check'], '--remove and --check exclude each other', 'natplan vyatta [plan]'],
    [['paln', 'x'], 'there is no command "paln"', 'did you mean natplan plan?'],
    [['--zzz'], 'name a command', 'natplan --help'],
    [['generate', '--output', 'json'], '--output is the folder', 'natplan plan --output json'],
    [['generate', '-o', 'yaml'], 'there is none called yaml', 'natplan plan --output yaml'],
  ])('%j is told what is wrong with it, and what was meant', (args, message, hint) => {
    const { status, stdout, stderr } = natplan(args)
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr.split('\n')[0]).toContain(message)
    expect(stderr.split('\n')[1]).toContain(`hint: ${hint}`)
  })

  it('is none where an option holds what looks like one', () => {
    expect(natplan(['plan', '--site=a=10.0.0.0/24', '--site', 'b=10.0.0.0/24']).status).toBe(0)
  })
})

describe('an option that is given twice', () => {
  it.each([
    ['plan', '--output', 'json', '--output', 'yaml'],
    ['plan', '-f', 'a.yaml', '--file', 'b.yaml'],
    ['generate', '-o', 'a', '-o', 'b'],
    ['vyatta', '--site', 'a', '--site', 'b'],
  ])('is refused where it takes one value: natplan %s %s %s %s %s', (...args) => {
    const { status, stderr } = natplan(args, { cwd: acceptance })
    expect([status, stderr]).toEqual([2, expect.stringContaining('is given more than once')])
  })

  it('is fine where it takes many, or says the same', () => {
    expect(natplan(['plan', '--site', 'a=10.0.0.0/24', '--site', 'b=10.0.0.0/24']).status).toBe(0)
    expect(natplan(['verify', '--strict', '--strict'], { cwd: acceptance }).stderr).not.toContain('more than once')
  })
})

describe('the folder of natplan generate', () => {
  it('may have the name of a format where it is there, or is written as a path', () => {
    const plan = 'version: 1\nsites:\n  a: { subnets: [10.0.0.0/24] }\n  b: { subnets: [10.0.0.0/24] }\n'
    const cwd = temporaryFolder({ 'natplan.yaml': plan, 'json/mine.txt': '' })
    for (const folder of ['json', './yaml'])
      expect(natplan(['generate', '-o', folder], { cwd }).stderr).not.toContain('is the folder')
  })
})

describe('the plan of verify and trace', () => {
  const plan = join(acceptance, 'natplan.yaml')
  const packet = ['trace', 'cloud:10.0.1.5', '192.168.1.77']

  it.each([[['verify', plan]], [['verify', '-f', plan]], [[...packet, plan]], [[...packet, '-f', plan]]])(
    'is named as with other commands: %j',
    (args) => {
      expect(natplan(args, { cwd: temporaryFolder() }).status).toBe(0)
    },
  )

  it('comes from standard input as well', () => {
    expect(natplan(['verify', '-'], { input: readFileSync(plan) }).stdout).toContain('proven')
  })

  it('stands beside configurations, which are named with their sites', () => {
    const text = natplan(['vyatta', plan, '--site', 'cloud']).stdout
    const cwd = temporaryFolder({ 'cloud.txt': text })
    const both = natplan(['verify', plan, 'cloud=cloud.txt'], { cwd })
    expect(both.stdout).toContain('cloud - onpremise')
    expect(both).toEqual(natplan(['verify', '-f', plan, 'cloud=cloud.txt'], { cwd }))
    const alone = natplan(['verify', 'cloud.txt'], { cwd })
    expect([alone.status, alone.stderr]).toEqual([2, expect.stringContaining('cloud=cloud.txt')])
  })

  it.each([
    [['verify', 'a.yaml', 'b.yaml']],
    [['verify', 'a.yaml', '-f', 'b.yaml']],
    [[...packet, 'a.yaml', '-f', 'b.yaml']],
  ])('is one: %j', (args) => {
    const { status, stderr } = natplan(args, { cwd: temporaryFolder() })
    expect([status, stderr]).toEqual([2, expect.stringContaining('two plan files are given: a.yaml and b.yaml')])
  })
})

describe('completion', () => {
  const offers = (...words: string[]) =>
    natplan(['--get-yargs-completions', 'natplan', ...words], { cwd: acceptance })
      .stdout.split('\n')
      .slice(0, -1)

  it.each([
    [['re'], ['report', 'release']],
    [['gen'], ['generate']],
    [['help', 'ver'], ['verify']],
    [['plan', '--ou'], ['--output']],
    [
      ['plan', '--output', ''],
      ['table', 'json', 'yaml', 'markdown'],
    ],
    [['plan', '--output', 'js'], ['json']],
    [
      ['vyatta', '--site', ''],
      ['cloud', 'onpremise'],
    ],
    [['gateway', '--site', 'cl'], ['cloud']],
    [
      ['verify', ''],
      ['cloud=', 'onpremise='],
    ],
    [['verify', 'cloud=a.txt', 'on'], ['onpremise=']],
    [['diff', 'c'], ['cloud=']],
    [['generate', '--existing', 'c'], ['cloud=']],
    [['trace', 'cl'], ['cloud:']],
    [
      ['release', ''],
      ['cloud', 'onpremise'],
    ],
    [['explain', 'POOL_EX'], ['POOL_EXHAUSTED']],
    [['explain', 'fire'], ['firewall']],
    [['lab', 'u'], ['up']],
  ])('of %j offers %j', (words, expected) => {
    expect(offers(...words)).toEqual(expected)
  })

  it.each([
    [['plan', '']],
    [['plan', '-f', 'nat']],
    [['verify', 'cloud=c']],
    [['verify', 'cloud', '=', 'c']],
    [['verify', 'cloud', '=']],
    [['generate', '-o', '']],
    [['overlaps', 'of']],
  ])('of %j leaves it to the shell to offer files', (words) => {
    expect(offers(...words)).toEqual([])
  })

  it('takes the sites of the plan that is named, and only names that are some', () => {
    const plan = 'sites: { east: {}, "$(touch x)": {}, "a b": {} }\n'
    const cwd = temporaryFolder({ 'other.yaml': plan })
    const { stdout } = natplan(['--get-yargs-completions', 'natplan', 'verify', '-f', 'other.yaml', ''], { cwd })
    expect(stdout).toBe('east=\n')
  })

  it('says nothing where there is no plan to read', () => {
    const cwd = temporaryFolder()
    expect(natplan(['--get-yargs-completions', 'natplan', 'vyatta', '--site', ''], { cwd })).toEqual({
      status: 0,
      stdout: '',
      stderr: '',
    })
  })

  it('works in bash: options, sites, and files behind a site', () => {
    const cwd = temporaryFolder({ 'cloud.txt': '', 'script.bash': natplan(['completion', 'bash']).stdout })
    writeFileSync(join(cwd, 'natplan'), `#!/bin/sh\nexec "${process.execPath}" "${commandFile}" "$@"\n`)
    chmodSync(join(cwd, 'natplan'), 0o755)
    writeFileSync(join(cwd, 'natplan.yaml'), 'sites: { cloud: {}, onpremise: {} }\n')
    const complete = (...words: string[]) => {
      const list = words.map((word) => `'${word}'`).join(' ')
      const script = `. ./script.bash; COMP_WORDS=(natplan ${list}); COMP_CWORD=${words.length}; _natplan_complete; printf '%s\\n' "\${COMPREPLY[@]}"`
      const { stdout, stderr } = spawnSync('bash', ['--norc', '--noprofile', '-c', script], {
        cwd,
        encoding: 'utf8',
        env: { PATH: `${cwd}:${process.env['PATH']}` },
      })
      expect(stderr).toBe('')
      return stdout.trim().split('\n')
    }
    expect(complete('ver')).toEqual(['verify'])
    expect(complete('verify', '--str')).toEqual(['--strict'])
    expect(complete('verify', 'cl')).toEqual(['cloud='])
    expect(complete('verify', 'cloud', '=', 'cl')).toEqual([''])
  })

  it.each(['bash', 'zsh', 'fish'])('has a script for %s that asks natplan', (shell) => {
    const { status, stdout } = natplan(['completion', shell])
    expect(status).toBe(0)
    expect(stdout).toContain('--get-yargs-completions')
    expect(natplan(['completion'], { env: { SHELL: `/usr/bin/${shell}` } }).stdout).toBe(stdout)
  })
})
