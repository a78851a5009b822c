import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { ZipPackage } from './package.ts'

/**
 * Links to packages, which work without credentials for ten minutes, as those of GetFunction and GetLayerVersion do.
 */
export interface Downloads {
  /** A URL under `baseUrl` from which the package can be fetched. */
  readonly link: (baseUrl: string, content: ZipPackage, now: number) => string
  /**
   * The package that a path and query of such a link means; `expired` when it is too old or was tampered with,
   * undefined for other paths.
   */
  readonly open: (path: string, query: URLSearchParams, now: number) => ZipPackage | 'expired' | undefined
}

const lifetimeMs = 600_000
const prefix = '/.packages/'

/** Links to deployment packages, each good for a while. */
export function createDownloads(): Downloads {
  const secret = randomBytes(32)
  const packages = new Map<string, WeakRef<ZipPackage>>()
  const sign = (id: string, expires: string): string =>
    createHmac('sha256', secret).update(`${id} ${expires}`).digest('hex')
  return {
    link(baseUrl, content, now) {
      const id = Buffer.from(content.sha256, 'base64').toString('hex')
      packages.set(id, new WeakRef(content))
      const expires = String(now + lifetimeMs)
      return `${baseUrl}${prefix}${id}?expires=${expires}&signature=${sign(id, expires)}`
    },
    open(path, query, now) {
      if (!path.startsWith(prefix)) return undefined
      const id = path.slice(prefix.length)
      const expires = query.get('expires') ?? ''
      const given = Buffer.from(query.get('signature') ?? '')
      const right = Buffer.from(sign(id, expires))
      if (given.length !== right.length || !timingSafeEqual(given, right) || Number(expires) < now) return 'expired'
      return packages.get(id)?.deref() ?? 'expired'
    },
  }
}
