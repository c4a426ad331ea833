import type { Running } from '../platform.ts'

/** How a file of commands is run on a device. */
export type ScriptForm = 'session' | 'wrapper' | 'vcli'

const wrapper = '/opt/vyatta/sbin/vyatta-cfg-cmd-wrapper'

/**
 * A file to run on the device. `session` (VyOS): applies with commit-confirm, so that the device takes everything back by itself
 * unless the file is run again with the word `confirm`, which also saves. `wrapper` (EdgeOS, Vyatta Core): no commit-confirm there,
 * so it commits and saves. `vcli` (5600): validates, commits, saves; commit-confirm is known to fail in vcli scripts. Each of them ends
 * with status 1 and nothing changed when the device refuses a line or the whole.
 */
export function scriptOf(form: ScriptForm, text: string, kind: 'configure' | 'remove'): string {
  const lines = text.split('\n').filter((line) => line !== '')
  return `${[...head[form], ...body(form, lines, kind), ...tail[form]].join('\n')}\n`
}

/** How each of them is run. */
export const runningOf: Record<ScriptForm, Running> = {
  session: {
    commands: (file) => [`/bin/vbash ${file}`, `/bin/vbash ${file} confirm`],
    effect: 'stops where the device refuses a line; it confirms and saves when it is run again',
  },
  wrapper: {
    commands: (file) => [`/bin/vbash ${file}`],
    effect: 'stops where the device refuses a line, and that commits and saves at once',
  },
  vcli: {
    commands: (file) => [`vcli -f ${file}`],
    effect: 'stops where the device refuses a line, and that commits and saves at once',
  },
}

// sg has a shell read its command, so the path of the file goes there as a value and not as a part of that text.
const group = [
  '#!/bin/vbash',
  '# Run as a user who may configure, not with sudo.',
  `if [ "$(id -g -n)" != 'vyattacfg' ]; then`,
  '  export NATPLAN_SCRIPT="$(readlink -f -- "$0")" NATPLAN_WORD="$1"',
  `  exec sg vyattacfg -c '/bin/vbash "$NATPLAN_SCRIPT" "$NATPLAN_WORD"'`,
  'fi',
]

const head: Record<ScriptForm, readonly string[]> = {
  session: [
    ...group,
    'source /opt/vyatta/etc/functions/script-template',
    'configure',
    'if [ "$1" = confirm ]; then',
    '  confirm',
    '  save',
    '  exit',
    '  builtin exit 0',
    'fi',
    'problems=0',
  ],
  wrapper: [...group, `run=${wrapper}`, '$run begin', 'problems=0'],
  // vcli runs the file in bash, with the commands of the device as functions that fail when the device refuses (vyatta-cfg, scripts/vcli
  // and functions/script-wrapper). A line that is there already is refused too (danos/config, union/node.go).
  vcli: [
    '#!/bin/vcli -f',
    'problems=0',
    'try() {',
    '  answer=$("$@" 2>&1) && return',
    '  case $answer in *"Node exists"* | *"already exists"*) return ;; esac',
    '  echo "$answer" >&2',
    '  problems=1',
    '}',
    'refuse() {',
    '  echo "$1: nothing is changed." >&2',
    '  discard',
    '  end_configure',
    '  exit 1',
    '}',
    'configure || exit 1',
  ],
}

const tail: Record<ScriptForm, readonly string[]> = {
  session: [
    'if [ "$problems" -ne 0 ]; then',
    '  echo "The device refused a line: nothing is changed."',
    '  exit',
    '  builtin exit 1',
    'fi',
    'if ! $API sessionChanged; then',
    '  echo "The device has all of it already."',
    '  exit',
    '  builtin exit 0',
    'fi',
    'commit-confirm 10',
    // commit-confirm says nothing about failure; what it did not commit is still a change of the session.
    'if $API sessionChanged; then',
    '  echo "The device did not commit: nothing is changed."',
    '  exit',
    '  builtin exit 1',
    'fi',
    'exit',
    `printf 'Check the tunnel now. Within 10 minutes run: /bin/vbash %q confirm\\n' "$0"`,
  ],
  wrapper: [
    'if [ "$problems" -ne 0 ]; then',
    '  echo "The device refused a line: nothing is changed."',
    '  $run end',
    '  exit 1',
    'fi',
    '$run commit && $run save || problems=1',
    '$run end',
    'exit "$problems"',
  ],
  vcli: [
    'if [ "$problems" -ne 0 ]; then refuse "The device refused a line"; fi',
    'if $API sessionChanged; then',
    '  validate || refuse "The device refused the change as a whole"',
    '  commit || refuse "The device did not commit"',
    '  save',
    'else',
    '  echo "The device has all of it already."',
    'fi',
    'end_configure',
  ],
}

/** A line that deletes what is not there fails, which is no reason to stop. */
function body(form: ScriptForm, lines: readonly string[], kind: 'configure' | 'remove'): string[] {
  return lines.map((line) => {
    if (line.startsWith('#')) return line
    if (form === 'vcli') return kind === 'configure' ? `try ${line}` : line
    const command = form === 'wrapper' ? `$run ${line}` : line
    return kind === 'configure' ? `${command} || problems=1` : command
  })
}

/** Scripts that an older natplan wrote are read too. */
const former = [
  'exec sg vyattacfg -c "/bin/vbash $(readlink -f "$0") $*"',
  'echo "Check the tunnel now. Within 10 minutes run: /bin/vbash $0 confirm"',
]

const frame = [...Object.values(head), ...Object.values(tail), former].flat().map((line) => line.trim())

/** The lines of these files that set and delete nothing, without those that a session has too. */
export const scriptLines: ReadonlySet<string> = new Set(
  frame.filter((line) => !/^(?:[a-z_]+|.*[{}])$/.test(line) || line === 'fi' || line === 'else'),
)

/** The first lines of the functions in these files. */
export const scriptFunctions: ReadonlySet<string> = new Set(frame.filter((line) => line.endsWith('() {')))
