import { basename } from 'node:path'
import { type Status, status } from '../terminal/status.ts'
import { print } from '../terminal/streams.ts'

export interface CompletionOptions {
  readonly shell?: Shell | undefined
}

type Shell = keyof typeof scripts

export function runCompletion({ shell = usedShell() }: CompletionOptions): Status {
  print(scripts[shell])
  return status.good
}

function usedShell(): Shell {
  const name = basename(process.env['SHELL'] ?? '')
  return name === 'zsh' || name === 'fish' ? name : 'bash'
}

/** Each asks natplan what fits; where nothing does, the shell offers files. What is offered is never evaluated. */
const scripts = {
  bash: `# natplan completion bash >> ~/.bashrc
_natplan_complete() {
  local current="\${COMP_WORDS[COMP_CWORD]}" offer
  COMPREPLY=()
  case "$current" in = | :) current='' ;; esac
  while IFS= read -r offer; do
    COMPREPLY+=("$offer")
  done < <(natplan --get-yargs-completions "\${COMP_WORDS[@]:0:COMP_CWORD+1}" 2> /dev/null)
  case "\${COMPREPLY[0]}" in
    *= | *:) compopt -o nospace 2> /dev/null ;;
  esac
}
complete -o bashdefault -o default -F _natplan_complete natplan
`,
  zsh: `#compdef natplan
# natplan completion zsh >> ~/.zshrc, behind compinit; or a file _natplan in a folder of $fpath
_natplan() {
  local -a offers open
  offers=(\${(f)"$(natplan --get-yargs-completions "\${(@)words[1,CURRENT]}" 2> /dev/null)"})
  open=(\${(M)offers:#*[=:]})
  offers=(\${offers:#*[=:]})
  (( \${#open} )) && compadd -S '' -- $open
  (( \${#offers} )) && compadd -- $offers
  (( \${#open} + \${#offers} )) && return
  compset -P '*='
  _files
}
if [ "$funcstack[1]" = _natplan ]; then _natplan "$@"; else compdef _natplan natplan; fi
`,
  fish: `# natplan completion fish > ~/.config/fish/completions/natplan.fish
function __natplan_offers
  set -l words (commandline -opc) (commandline -ct)
  natplan --get-yargs-completions $words 2> /dev/null
end
complete -c natplan -a '(__natplan_offers)'
`,
} as const
