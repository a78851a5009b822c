import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'

/** Folders of embedded endpoints of a process, with the code of their functions. */
export function endpointFolders(pid: number | undefined): readonly string[] {
  return readdirSync(tmpdir()).filter(name => name.startsWith(`lambdacheck-reference-${pid}-`))
}
