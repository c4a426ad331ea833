/** What a shell takes as it stands, also in double quotes: the words come out of texts of others. */
const plainWords = /^(?:[\w.,:/+@=!-]+|"[\w.,:/+@=!() -]*"|\s+)+$/

/** The command that takes out the rule of a line; `undefined` where its line does not say how (nft: without its handle). */
export function ruleDeletion(text: string, line: number): string | undefined {
  const lines = text.split('\n')
  const own = lines[line - 1]?.trim() ?? ''
  const command = /^[*:#]/.test(own)
    ? undefined
    : (ofIptables(own, lines.slice(0, line)) ?? ofNft(own, lines.slice(0, line)))
  return command !== undefined && plainWords.test(command) ? command : undefined
}

/** A line of iptables-save, or the command that appends the rule. */
function ofIptables(own: string, before: readonly string[]): string | undefined {
  const [, rule] = /(?:^|\s)-[AI]\s+(\S.*)$/.exec(own) ?? []
  if (rule === undefined) return undefined
  const [, program = 'iptables', given] = /\b(ip6?tables)\b(?:.*?\s-t\s+(\w+))?/.exec(own) ?? []
  const table =
    given ??
    before
      .findLast((line) => /^\*\w+/.test(line.trim()))
      ?.trim()
      .slice(1)
  const place = /(?:^|\s)-I\s/.test(own) ? rule.replace(/^(\S+)\s+\d+\s/, '$1 ') : rule
  return table === undefined ? undefined : `${program} -t ${table} -D ${place.replace(/\s-t\s+\w+/, '')}`
}

/** A line that nft listed with the handles. */
function ofNft(own: string, before: readonly string[]): string | undefined {
  const [, handle] = /# handle (\d+)$/.exec(own) ?? []
  const chain = lastMatch(before, /^\s*chain\s+(\S+)\s*\{/)
  const table = lastMatch(before, /^\s*table\s+(\w+\s+\S+)\s*\{/)
  return handle && chain && table ? `nft delete rule ${table} ${chain} handle ${handle}` : undefined
}

function lastMatch(lines: readonly string[], form: RegExp): string | undefined {
  return lines.map((line) => form.exec(line)?.[1]).findLast((found) => found !== undefined)
}
