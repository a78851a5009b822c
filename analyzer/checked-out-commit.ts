/**
 * The commit that is checked out, read from Git's files: asking Git itself could run programs that the project's
 * configuration names.
 */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** @returns forty or sixty-four hexadecimal digits, or undefined where there is no repository or no commit. */
export function checkedOutCommit(folder: string): string | undefined {
  try {
    const git = gitFolder(folder)
    if (git === undefined) return undefined
    const head = readFileSync(join(git, 'HEAD'), 'utf8').trim()
    const [, ref] = /^ref: (refs\/\S+)$/.exec(head) ?? []
    return asCommit(ref === undefined ? head : (commitOf(git, ref) ?? ''))
  } catch {
    return undefined
  }
}

function gitFolder(from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const git = join(folder, '.git')
    if (existsSync(git)) {
      if (statSync(git).isDirectory()) return git
      const [, elsewhere] = /^gitdir: (.+)$/m.exec(readFileSync(git, 'utf8')) ?? []
      return elsewhere === undefined ? undefined : resolve(folder, elsewhere.trim())
    }
    if (dirname(folder) === folder) return undefined
  }
}

/** A ref of its own file, of the repository that several checkouts share, or packed with others. */
function commitOf(git: string, ref: string): string | undefined {
  const shared = join(git, 'commondir')
  const common = existsSync(shared) ? resolve(git, readFileSync(shared, 'utf8').trim()) : git
  for (const folder of [git, common])
    if (existsSync(join(folder, ref))) return readFileSync(join(folder, ref), 'utf8').trim()
  const packed = join(common, 'packed-refs')
  if (!existsSync(packed)) return undefined
  return readFileSync(packed, 'utf8')
    .split('\n')
    .map(line => line.split(' '))
    .find(([, name]) => name === ref)?.[0]
}

const asCommit = (text: string): string | undefined => (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text) ? text : undefined)
