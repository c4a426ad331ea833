const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '\n': '&#10;',
}

/** The one way of a text into XML, between tags and in values. */
export function xmlText(text: string): string {
  return text.replace(/[&<>"'\n]/g, (letter) => entities[letter] ?? '')
}
