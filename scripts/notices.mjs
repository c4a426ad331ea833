// The licences of what is bundled into the command and the page, from what their builders say they took.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const heading = `# Third-party notices

The command \`natplan\` and its page hold code of these packages, each under its own licence.
`

/** The folder of the package that a bundled file comes from; `undefined` for natplan's own. */
function packageFolder(file) {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]
}

function notice(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const file = readdirSync(folder).find((entry) => /^licen[cs]e(-mit)?(\.(md|txt))?$/i.test(entry))
  if (file === undefined) throw new Error(`${name} is bundled and has no licence text`)
  const text = readFileSync(join(folder, file), 'utf8').replaceAll('\r', '').trim()
  return `## ${name} ${version} (${license})\n\n\`\`\`\n${text}\n\`\`\`\n`
}

/** The text of THIRD-PARTY-NOTICES.md for the files that were bundled, named from `folder`; throws where a package has no licence. */
export function noticesOf(files, folder) {
  const folders = new Set(files.flatMap((file) => packageFolder(join(folder, file)) ?? []))
  return [heading, ...[...folders].map(notice).sort()].join('\n')
}
