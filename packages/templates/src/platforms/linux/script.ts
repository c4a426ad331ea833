import type { Running } from '../../platform.ts'

/** What each kind needs on the gateway. */
const programs = { configure: 'nft swanctl install', remove: 'nft swanctl' } as const

/** What the script that makes virtual interfaces needs as well. */
const routedPrograms = 'ip grep'

/**
 * The same commands as a file to run: it ends at the first that fails, and begins only as root with every program there. Linux has no
 * way to confirm a change, so it says how to go back.
 */
export function script(text: string, kind: 'configure' | 'remove'): string {
  const isCalling = kind === 'configure' && text.includes('natplan-calls.sh <<')
  const isRouted = kind === 'configure' && text.includes('natplan-interfaces.sh <<')
  const closing = kind === 'configure' ? "echo 'natplan: done. To go back: run the removal script.'\n" : ''
  return `#!/bin/sh
set -eu
if [ "$(id -u)" -ne 0 ]; then
  echo 'natplan: run this as root' >&2
  exit 1
fi
for program in ${programs[kind]}${isRouted ? ` ${routedPrograms}` : isCalling ? ' grep' : ''}; do
  if ! command -v "$program" >/dev/null; then
    echo "natplan: $program is missing; nothing was changed" >&2
    exit 1
  fi
done
${text}${closing}`
}

export const running: Running = {
  commands: (file) => [`sh ${file}`],
  effect: 'ends at the first command that fails, and runs as root',
}
