// Reads a text as the device that it makes, in a process without the command: PLATFORM FILE.
import { readFileSync } from 'node:fs'
import type { Platform } from '@natplan/core'
import { platformModule } from '@natplan/templates'

const [platform, file = ''] = process.argv.slice(2) as [Platform, string?]
const { device } = platformModule(platform)?.readDevice?.(readFileSync(file, 'utf8')) ?? {}
if (!device) throw new Error(`nothing reads texts of ${platform}`)
console.log(`${device.routes.length} routes, ${device.lists.reduce((sum, { rules }) => sum + rules.length, 0)} rules`)
