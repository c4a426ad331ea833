import { splitWords, wordsFrom } from './split-words.ts'

/** What a line turned out to be when all that only shows where it was copied from is taken off. */
export type Pasted =
  /** Commands of a session; `prompt` is the last character of the prompt in front of them. */
  | {
      readonly kind: 'commands'
      readonly commands: readonly (readonly string[])[]
      readonly prompt: string | undefined
    }
  /** `[edit vpn ipsec]`: where the session is. */
  | { readonly kind: 'level'; readonly path: readonly string[] }
  | { readonly kind: 'other' }

/** The words of VyOS, Vyatta and EdgeOS that a line of a session begins with. */
const commandWords = new Set(
  (
    'set delete edit top up exit quit commit commit-confirm confirm save configure end_configure run show compare validate comment ' +
    'discard load merge rollback copy rename activate deactivate protect loadkey begin end'
  ).split(' '),
)

/** `vyos@gw:~$`, `admin@ubnt#`, `vyos@gw(vrf:red)$`; of other shells the sign alone, but not `#`, which begins a comment. */
const prompts = /^(?:[\w.-]+@[\w.-]+(?:\([^\s()]*\))?(?::[^\s#$>]*)?([#$>%])\s*|([$>%])\s+)/

const levelLine = /^\[edit(?:\s+([^\]]*))?\]$/

/** A list's dash or bullet in front of a command, in quotes or not. */
const bullet = /^[-*\u2022]\s+(?=["']?(?:set|delete)\s)/

/** The name of a list of Ansible, with the list behind it on the line. */
const listName = /^(?:- )?(?:lines|commands|config):\s*(?=\[?\s*["'])/

/** The marks of a comparison in front of a command: added, changed, taken away. */
const mark = /^([-+>])\s*(?=(?:set|delete)\s)/

/** Ways in which scripts call the commands of a session. */
const callers = /^(?:\$\{?\w+\}?|try|\S*\/(?:vyatta|vyos)-cfg-cmd-wrapper)$/

/** What people run behind a prompt that changes nothing of the configuration. */
const programs =
  /^(?:conf|config|cat|less|more|ls|cd|pwd|ping|traceroute|monitor|sudo|ip|ssh|history|clear|reset|restart|generate|who|date|uptime|echo|logout|vtysh|terminal|vbash|sh|\.\/)(?:\s|$)/

/** Takes a line apart. In a comparison, `- set` is a line that is not there any more. */
export function pasted(text: string, { isComparison }: { readonly isComparison: boolean }): Pasted {
  // Nearly all lines are such, or comments, and nothing needs to be taken off.
  if (text.startsWith('set ')) {
    const commands = shellCommands(text)
    return commands ? { kind: 'commands', commands, prompt: undefined } : { kind: 'other' }
  }
  if (text.startsWith('#')) return { kind: 'other' }
  const level = levelLine.exec(text)
  if (level) return { kind: 'level', path: splitWords(level[1] ?? '').map((word) => word.text) }
  const found = prompts.exec(text)
  const prompt = found?.[1] ?? found?.[2]
  const behind = found ? text.slice(found[0].length) : text
  if (found?.[1] !== undefined && behind === '') return { kind: 'commands', commands: [], prompt }
  const commands = commandsIn(behind, isComparison)
  if (commands.length > 0) return { kind: 'commands', commands, prompt }
  return found && programs.test(behind) ? { kind: 'commands', commands: [['run', behind]], prompt } : { kind: 'other' }
}

function commandsIn(text: string, isComparison: boolean): string[][] {
  const [, sign] = mark.exec(text) ?? []
  if (sign !== undefined && (isComparison || sign !== '-')) {
    const commands = commandsIn(text.replace(mark, ''), false)
    return sign === '-' ? commands.map(([, ...path]) => ['delete', ...path]) : commands
  }
  const line = text.replace(listName, '').replace(bullet, '')
  const strings = line.startsWith('"') || line.startsWith("'") || line.startsWith('[') ? quotedLines(line) : undefined
  const written = strings ?? [line]
  const commands = written.map((one) => shellCommands(one))
  return commands.every((parts) => parts !== undefined) ? commands.flat() : []
}

/** The strings of a line that holds nothing else: `"set …",`, also several and in brackets. */
function quotedLines(line: string): string[] | undefined {
  const strings: string[] = []
  let at = 0
  while (at < line.length) {
    const character = line[at]
    if (character === '"' || character === "'") {
      const { text, end } = stringAt(line, at)
      if (end > line.length) return undefined
      strings.push(text)
      at = end
    } else if (character !== undefined && ' ,;[]()'.includes(character)) {
      at++
    } else {
      return undefined
    }
  }
  return strings.length > 0 ? strings : undefined
}

/** A backslash takes the next character as it is; two single quotes are one within single quotes, as YAML has it. */
function stringAt(line: string, start: number): { readonly text: string; readonly end: number } {
  const quote = line[start]
  let text = ''
  let at = start + 1
  for (; at < line.length; at++) {
    const next = line[at + 1]
    if (line[at] === quote && !(quote === "'" && next === quote)) return { text, end: at + 1 }
    if (line[at] === quote || (line[at] === '\\' && (next === '"' || next === "'" || next === '\\'))) at++
    text += line[at]
  }
  return { text, end: line.length + 1 }
}

const separators = new Set([';', '&&', '||'])

/**
 * The commands of a line as a shell takes them: `;` ends one, `#` in front of a word ends all, and what an operator does with the
 * outcome is no part of them. `undefined` for a line that does not begin with a command.
 */
function shellCommands(text: string): string[][] | undefined {
  const commands: string[][] = [[]]
  for (const word of wordsFrom(text, 0)) {
    const isPlain = !word.quoted
    if (text[word.at] === '#') break
    if (isPlain && separators.has(word.text)) commands.push([])
    else if (isPlain && word.text.endsWith(';')) {
      commands.at(-1)?.push(word.text.slice(0, -1))
      commands.push([])
    } else commands.at(-1)?.push(word.text)
  }
  const called = commands.filter((words) => words.length > 0).map(withoutCaller)
  const [first] = called
  if (first === undefined || !commandWords.has(first[0] ?? '')) return undefined
  return called.filter(([word]) => !outcomes.test(word ?? ''))
}

/** What a script notes when a command fails: `problems=1`, `exit 1`, `true`. */
const outcomes = /^(?:\w+=\S*|true|false|:)$/

function withoutCaller(words: string[]): string[] {
  return words.length > 1 && callers.test(words[0] ?? '') ? words.slice(1) : words
}
