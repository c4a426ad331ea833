/** Words as a shell takes them: blanks apart, quotes off. `undefined` when a quote is not closed. */
export function splitWords(text: string): string[] | undefined {
  const words: string[] = []
  const pattern = /\s+|"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)|([^\s"'\\]+)/y
  let [current, isOpen] = ['', false]
  let end = 0
  for (let found = pattern.exec(text); found; found = pattern.exec(text)) {
    end = pattern.lastIndex
    const part = found[1]?.replace(/\\(.)/g, '$1') ?? found[2] ?? found[3] ?? found[4]
    if (part !== undefined) [current, isOpen] = [current + part, true]
    else if (isOpen) {
      words.push(current)
      ;[current, isOpen] = ['', false]
    }
  }
  if (end < text.length) return undefined
  return isOpen ? [...words, current] : words
}
