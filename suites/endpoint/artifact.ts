/** Which package or image an endpoint was started from, by its digest: what a certificate is about. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Evidence } from '../../reports/evidence.ts'
import { messageOf } from '../../base/message-of.ts'
import { UsageError } from '../../base/usage-error.ts'

type Artifact = NonNullable<NonNullable<Evidence['endpoint']>['artifact']>

/**
 * @param told a file relative to the folder (a package, or a lock file that names its digests), or the digest of an image: `NAME@sha256:HEX`, or
 * `sha256:HEX` alone
 * @throws UsageError for a file that cannot be read
 */
export function readArtifact(told: string, folder: string): Artifact {
  const [, name, sha256] = /^(?:(.+)@)?sha256:([0-9a-f]{64})$/.exec(told) ?? []
  if (sha256 !== undefined) return { name: name ?? 'image', sha256 }
  const file = path.resolve(folder, told)
  try {
    return { name: path.basename(file), sha256: createHash('sha256').update(readFileSync(file)).digest('hex') }
  } catch (error) {
    throw new UsageError(`artifact ${told}: ${messageOf(error)}`, {
      hint: 'name a file that is there, or the digest of an image, NAME@sha256:…',
    })
  }
}
