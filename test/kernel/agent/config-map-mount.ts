import { mkdirSync, readlinkSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * A folder that changes the way kubelet changes a mounted ConfigMap: the keys are links through `..data`, which is a
 * link to a folder with the content; a new content is a new folder, and `..data` is renamed into place.
 */
export class ConfigMapMount {
  readonly folder: string
  #version = 0
  #keys = new Set<string>()

  constructor(folder: string) {
    this.folder = folder
    mkdirSync(folder, { recursive: true })
  }

  /** Replaces the whole content. */
  write(content: Readonly<Record<string, string | Uint8Array>>): void {
    this.#version += 1
    const version = `..2026_01_01_00_00_00.${this.#version}`
    mkdirSync(join(this.folder, version))
    for (const [key, value] of Object.entries(content)) writeFileSync(join(this.folder, version, key), value)
    const previous = this.#current()
    symlinkSync(version, join(this.folder, '..data_tmp'))
    renameSync(join(this.folder, '..data_tmp'), join(this.folder, '..data'))
    this.#linkKeys(new Set(Object.keys(content)))
    if (previous !== undefined) rmSync(join(this.folder, previous), { recursive: true })
  }

  #current(): string | undefined {
    try {
      return readlinkSync(join(this.folder, '..data'))
    } catch {
      return undefined
    }
  }

  #linkKeys(keys: Set<string>): void {
    for (const key of keys) if (!this.#keys.has(key)) symlinkSync(join('..data', key), join(this.folder, key))
    for (const key of this.#keys) if (!keys.has(key)) rmSync(join(this.folder, key))
    this.#keys = keys
  }
}
