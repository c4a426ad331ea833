export const root: string
export const command: string
export function setUp(): void
export function isFile(path: string): boolean
