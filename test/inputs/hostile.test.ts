import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commandFile, natplan, type Outcome } from '../support/command.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** Runs a shell line in which `natplan` is the real command; the largest memory that it used, in MiB, comes with the outcome. */
function shell(line: string, cwd = temporaryFolder()): Outcome & { readonly memory: number } {
  const report = join(cwd, 'memory')
  const hook = join(cwd, 'memory.cjs')
  writeFileSync(
    hook,
    `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(report)}, String(process.resourceUsage().maxRSS)))`,
  )
  const command = `natplan() { "${process.execPath}" --require "${hook}" "${commandFile}" "$@"; }\n${line}`
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], { cwd, encoding: 'utf8', maxBuffer: 2 ** 28 })
  const memory = existsSync(report) ? Number(readFileSync(report, 'utf8')) / 1024 : Number.NaN
  return { status, stdout, stderr, memory }
}

/** Far more than a start takes, far less than the input. */
const littleMemory = 160
const endless = (bytes: number, char: string) => `head -c ${bytes} /dev/zero | tr '\\0' '${char}'`

describe('hostile input', () => {
  it('of one line of a gigabyte takes little memory', { timeout: 180_000 }, () => {
    const { status, stderr, memory } = shell(`${endless(2 ** 30, '1')} | natplan overlaps -`)
    expect(status).toBe(1)
    expect(stderr).toContain('standard input:1:1 error LINES_BAD 1 line is not a prefix')
    expect(stderr.length).toBeLessThan(1000)
    expect(memory).toBeLessThan(littleMemory)
  })

  it.each([
    [
      'a cell',
      `(printf 'prefix,b\\n10.0.0.0/24,"'; ${endless(2 ** 28, 'x')})`,
      'the quote that opens here is never closed',
    ],
    ['a JSON text', `(printf '{"cidr":"'; ${endless(2 ** 28, '1')})`, 'error JSON_SYNTAX'],
    ['JSON brackets', endless(2 ** 28, '['), 'nested deeper than 1000 levels'],
    ['line ends', endless(2 ** 28, '\\n'), 'risk PREFIXES_NONE'],
    ['commas', `(echo 10.0.0.0/24,x; ${endless(2 ** 28, ',')})`, ''],
  ])('of 256 MiB of %s takes little memory', { timeout: 180_000 }, (_, generator, said) => {
    const { stderr, memory } = shell(`${generator} | natplan overlaps -`)
    expect(stderr).toContain(said)
    expect(stderr.length).toBeLessThan(1000)
    expect(memory).toBeLessThan(littleMemory)
  })

  it.each([
    ['that unpack without end', endless(2 ** 30 + 2 ** 20, '1'), 'unpacks to more than 1024 MiB'],
    ['of very many prefixes', 'yes ::/0 | head -10100000', 'holds more than 10000000 prefixes'],
  ])('in a few bytes of gzip %s is refused', { timeout: 180_000 }, (_, generator, said) => {
    const folder = temporaryFolder()
    const made = shell(`${generator} | gzip > bomb.gz`, folder)
    expect(made.status).toBe(0)
    for (const input of ['bomb.gz', '- < bomb.gz']) {
      const { status, stdout, stderr, memory } = shell(`natplan overlaps ${input}`, folder)
      expect([status, stdout]).toEqual([1, ''])
      expect(stderr).toContain('error INPUT_TOO_LARGE')
      expect(stderr).toContain(said)
      expect(memory).toBeLessThan(500)
    }
  })

  it('of a million bad lines shows a few, and writes all of them where asked', { timeout: 180_000 }, () => {
    const folder = temporaryFolder()
    const { stderr, memory } = shell('yes 10.0.0.1/24 | head -1000000 | natplan overlaps - --bad-lines bad.txt', folder)
    expect(stderr).toContain('1000000 lines are not prefixes')
    expect(stderr.split('\n').length).toBeLessThan(20)
    expect(memory).toBeLessThan(littleMemory)
    const lines = readFileSync(join(folder, 'bad.txt'), 'utf8').trim().split('\n')
    expect(lines).toHaveLength(1_000_000)
    expect(lines.at(-1)).toBe('standard input:1000000: 10.0.0.1/24: host bits are set, the network is 10.0.0.0/24')
  })

  it('of a million default routes is counted, not multiplied', { timeout: 180_000 }, () => {
    const source = 'yes 0.0.0.0/0 | head -1000000'
    const table = shell(`${source} | natplan overlaps -`)
    expect(table.stdout).toContain('Overlaps (499,999,500,000 pairs)')
    expect(table.stdout.length).toBeLessThan(2000)
    const rows = shell(`${source} | natplan overlaps - --output csv --limit 1000`)
    expect(rows.stdout.split('\n')).toHaveLength(1002)
    expect(rows.stderr).toContain('risk PAIRS_CUT 1,000 pairs of 499,999,500,000 pairs are written')
  })

  it('with NUL bytes, other control characters and CR is shown without them', () => {
    const input = '10.0.0.0/24\r\n\u0000\u001b[31m10.0.1.0/24\n10.0.2.0/24\u0000\n\u202e10.0.3.0/24\n10.0.0.0/25'
    const { stdout, stderr } = natplan(['overlaps', '-'], { input })
    expect(stdout).toContain('10.0.0.0/24  standard input:1  contains  10.0.0.0/25  standard input:5')
    expect(stderr).toContain('3 lines are not prefixes')
    expect(stderr).toContain('standard input:2:1 \\u0000\\u001b[31m10.0.1.0/24: not a prefix')
    expect(stderr).toContain('standard input:4:1 \\u202e10.0.3.0/24: not a prefix')
  })

  it.each([
    ['a folder', ['folder'], 'FILE_UNREADABLE folder is a directory'],
    ['a file that is not there', ['missing.csv'], 'FILE_NOT_FOUND missing.csv does not exist'],
    ['the same file twice', ['list.txt', './list.txt'], 'USAGE ./list.txt is given twice'],
    ['standard input twice', ['-', '-'], 'USAGE standard input is given twice'],
    ['nothing to compare', ['list.txt', '--no-within'], 'USAGE --within and --between'],
    ['two results in one file', ['list.txt', '-o', 'x', '--bad-lines', './x'], 'USAGE --out and --bad-lines'],
    ['a plan file among others', ['list.txt', 'natplan.yaml'], 'USAGE natplan.yaml is a plan file'],
    ['a file in a plan of options', ['list.txt', '--site', 'a=10.0.0.0/24'], 'USAGE'],
    ['a result in place of its input', ['list.txt', '-o', './list.txt'], 'USAGE --out ./list.txt is one of the inputs'],
    ['flags with counts', ['list.txt', '--flagged', '--summary'], 'USAGE --flagged is printed as table or csv'],
    ['flags as JSON', ['list.txt', '--flagged', '--output', 'json'], 'USAGE --flagged is printed as table or csv'],
    ['a plan with options for files', ['natplan.yaml', '--summary'], 'USAGE --summary is for files of prefixes'],
    ['a plan as rows', ['natplan.yaml', '--output', 'csv'], 'USAGE'],
    ['files as YAML', ['list.txt', '--output', 'yaml'], 'USAGE'],
    ['a limit that is no number', ['list.txt', '--output', 'csv', '--limit', 'x'], 'USAGE --limit'],
    ['a result that cannot be written', ['list.txt', '-o', 'missing/out.csv'], 'FILE_UNWRITABLE missing/out.csv'],
  ])('refuses %s', (_, args, message) => {
    const folder = temporaryFolder({
      'list.txt': '10.0.0.0/24\n',
      'folder/file': '',
      'natplan.yaml': 'version: 1\nsites: { a: { subnets: [10.0.0.0/24] } }\n',
    })
    const { status, stdout, stderr } = natplan(['overlaps', ...args], { cwd: folder, input: '10.0.0.0/24\n' })
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toContain(message)
  })

  it.each(['ln list.txt other; natplan overlaps list.txt other', 'natplan overlaps - list.txt <list.txt'])(
    'that is the same file under two names is refused: %s',
    (line) => {
      const { status, stderr } = shell(line, temporaryFolder({ 'list.txt': '10.0.0.0/24\n' }))
      expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining('is given twice') })
    },
  )

  it('that may not be read is refused', () => {
    // Whoever runs the tests as root may read everything, so that right is given up first where there is one.
    const folder = temporaryFolder({ 'secret.txt': '10.0.0.0/24\n' })
    const drop =
      'command -v setpriv >/dev/null && [ "$(id -u)" = 0 ] && exec setpriv --bounding-set=-all --inh-caps=-all --reuid=65534 --clear-groups "$0" "$@"; exec "$0" "$@"'
    spawnSync('chmod', ['000', join(folder, 'secret.txt')])
    spawnSync('chmod', ['755', folder])
    const { status, stderr } = spawnSync('sh', ['-c', drop, process.execPath, commandFile, 'overlaps', 'secret.txt'], {
      cwd: folder,
      encoding: 'utf8',
    })
    expect(status).toBe(2)
    expect(stderr).toContain('FILE_UNREADABLE secret.txt cannot be read: EACCES')
  })

  it('that is empty is said to be', () => {
    const folder = temporaryFolder({ 'empty.txt': '', 'blank.csv': '\n \n' })
    const { status, stderr } = natplan(['overlaps', 'empty.txt', 'blank.csv'], { cwd: folder })
    expect(status).toBe(0)
    expect(stderr).toContain('empty.txt risk PREFIXES_NONE')
    expect(stderr).toContain('blank.csv risk PREFIXES_NONE')
    expect(natplan(['overlaps', 'empty.txt', '--strict'], { cwd: folder })).toMatchObject({ status: 1, stdout: '' })
  })

  it('ends the command quietly when its reader goes away', () => {
    const line = 'yes 10.0.0.0/24 | head -20000 | natplan overlaps - --output csv | head -2'
    const { stdout, stderr } = shell(line)
    expect(stdout.split('\n')).toHaveLength(3)
    expect(stderr).toBe('')
  })
})

describe('--strict', () => {
  it('makes bad lines fatal: nothing is printed or written', () => {
    const folder = temporaryFolder({ 'list.txt': '10.0.0.0/24\n10.0.0.0/25\nten\n', 'out.json': 'before' })
    const args = ['overlaps', 'list.txt', '--strict', '--output', 'json']
    const { status, stdout, stderr } = natplan(args, { cwd: folder })
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
    expect(stderr).toContain('list.txt:3:1 error LINES_BAD 1 line is not a prefix')
    expect(natplan([...args, '-o', 'out.json'], { cwd: folder }).status).toBe(1)
    expect(readFileSync(join(folder, 'out.json'), 'utf8')).toBe('before')
    expect(readdirSync(folder).sort()).toEqual(['list.txt', 'out.json'])
  })
})

describe('-o', () => {
  it('writes the file as a whole, also over one that is there', () => {
    const folder = temporaryFolder({ 'list.txt': '10.0.0.0/24\n10.0.0.0/25\n', 'out.csv': 'before' })
    expect(natplan(['overlaps', 'list.txt', '--output', 'csv', '-o', 'out.csv'], { cwd: folder }).stdout).toBe('')
    expect(readFileSync(join(folder, 'out.csv'), 'utf8')).toBe(
      'prefix,file,line,relation,other_prefix,other_file,other_line\n10.0.0.0/24,list.txt,1,contains,10.0.0.0/25,list.txt,2\n',
    )
  })

  it.each(['INT', 'TERM'])(
    'leaves no half-written file on SIG%s, while it reads and while it writes',
    { timeout: 180_000 },
    (signal) => {
      const folder = temporaryFolder()
      mkdirSync(join(folder, 'out'))
      const reading = `mkfifo pipe; echo 10.0.0.0/8 > first.txt
      "${process.execPath}" "${commandFile}" overlaps first.txt pipe --output csv -o out/result.csv & child=$!
      exec 3>pipe; echo 10.0.0.0/24 >&3
      until ls out/.result.csv.* >/dev/null 2>&1; do sleep 0.1; done
      kill -${signal} $child; wait $child; echo "status $?"; ls -A out`
      const writing = `yes 10.0.0.0/24 | head -30000 > list.txt
      "${process.execPath}" "${commandFile}" overlaps list.txt --output csv --limit 400000000 -o out/result.csv & child=$!
      until [ "$(cat out/.result.csv.* 2>/dev/null | head -c 1000000 | wc -c)" -ge 1000000 ]; do sleep 0.1; done
      kill -${signal} $child; wait $child; echo "status $?"; ls -A out`
      for (const line of [reading, writing]) {
        // A background child of a script ignores SIGINT unless job control is on.
        const { stdout } = shell(`set -m\n${line}`, folder)
        expect(stdout).toMatch(/status 1(30|43)\n$/)
      }
    },
  )
})
