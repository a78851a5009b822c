/** Signature Version 4 for a request of ours. */
import { Sha256 } from '@aws-crypto/sha256-js'
import { SignatureV4 } from '@smithy/signature-v4'
import type { HttpRequest } from '../case.ts'

export interface Signer {
  /** Headers to send, the given ones included; `host` is `name:port` as it goes over the wire, `path` the whole one with base path. */
  sign(request: HttpRequest, host: string, path: string, now?: Date): Promise<{ [name: string]: string }>
}

/** The path is encoded twice for the signature, as every service but S3 wants it: once on the wire, once more here. */
export function createSigner(options: {
  readonly region: string
  readonly service: string
  readonly credentials: {
    readonly accessKeyId: string
    readonly secretAccessKey: string
    readonly sessionToken?: string
  }
}): Signer {
  const signer = new SignatureV4({
    service: options.service,
    region: options.region,
    credentials: { ...options.credentials },
    sha256: Sha256,
    uriEscapePath: true,
  })
  return {
    async sign(request, host, path, now) {
      const signed = await signer.sign(
        {
          method: request.method,
          protocol: 'http:',
          hostname: host,
          path,
          query: bagOf(request.query),
          headers: { ...request.headers, host },
          body: request.body ?? '',
        },
        now === undefined ? {} : { signingDate: now },
      )
      return signed.headers
    },
  }
}

function bagOf(query: HttpRequest['query']): { [name: string]: string | string[] } {
  const bag: { [name: string]: string | string[] } = {}
  for (const [name, value] of query) {
    const before = bag[name]
    bag[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value]
  }
  return bag
}
