import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { listZip } from '../store/zip.ts'
import type { Version } from '../store/world.ts'
import type { Folders } from './runtimes.ts'

/** Unpacks the code and layers of versions, each combination once, under one folder. */
export interface TaskRoots {
  /** @throws NotAZip */
  readonly unpack: (version: Version) => Folders
}

/** Unpacks deployment packages below a folder, each once. */
export function createTaskRoots(folder: string): TaskRoots {
  const known = new Map<string, Folders>()
  return {
    unpack(version) {
      const { code, settings } = version
      if (code.kind !== 'zip') throw new Error('an image has no files to unpack')
      const key = createHash('sha256')
        .update([code.sha256, ...settings.layers.map(layer => layer.content.sha256)].join())
        .digest('hex')
        .slice(0, 24)
      const found = known.get(key)
      if (found) return found
      const folders = { taskRoot: join(folder, key, 'task'), opt: join(folder, key, 'opt') }
      unzip(code.zip, folders.taskRoot)
      mkdirSync(folders.opt, { recursive: true })
      // Later layers are laid over earlier ones.
      for (const layer of settings.layers) unzip(layer.content.zip, folders.opt)
      known.set(key, folders)
      return folders
    },
  }
}

function unzip(zip: Buffer, folder: string): void {
  mkdirSync(folder, { recursive: true })
  for (const entry of listZip(zip)) {
    const path = join(folder, entry.path)
    if (entry.directory) {
      mkdirSync(path, { recursive: true })
      continue
    }
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, entry.read())
    chmodSync(path, entry.executable ? 0o755 : 0o644)
  }
}
