export default function stripAnsi(text: string): string {
  return text
}
