const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
}

/** The one way of a text into XML and HTML, between tags and in values in double quotes. */
export function markupText(text: string): string {
  return text.replace(/[&<>"]/g, (letter) => entities[letter] ?? '')
}
