/** Keeps what takes time to work out in a packed JSON file, under a key of all that it was worked out from. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'

/** What was kept under just this key. Anything else in the file counts as nothing. */
export function readKept<T>(file: string, key: string): T | undefined {
  try {
    const text = gunzipSync(readFileSync(file)).toString('utf8')
    return text.startsWith(`${key}\n`) ? (JSON.parse(text.slice(key.length + 1)) as T) : undefined
  } catch {
    return undefined
  }
}

/** Where nothing can be written, nothing is kept, and that is all. */
export function writeKept(file: string, key: string, value: unknown): void {
  try {
    mkdirSync(path.dirname(file), { recursive: true })
  } catch {
    return
  }
  const draft = `${file}.${process.pid}`
  try {
    // 4 MB of JSON are half a megabyte then; unpacking takes 7 ms, parsing 35.
    writeFileSync(draft, gzipSync(`${key}\n${JSON.stringify(value)}`, { level: 9 }))
    // Several processes may write at one time: each reader sees one whole file.
    renameSync(draft, file)
  } catch {
    rmSync(draft, { force: true })
  }
}
