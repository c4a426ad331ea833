export default function stringWidth(text: string): number {
  return text.length
}
