import type { IncomingHttpHeaders } from 'node:http'
import { refuse } from './errors.ts'

/** What the signature of a request says about its sender. */
export interface Signer {
  readonly accessKeyId: string
  /** Region of the credential scope: the Region whose resources the request means. */
  readonly region: string
}

const requiredParameters = ['Credential', 'SignedHeaders', 'Signature'] as const

/**
 * Reads the signature of a request from its `Authorization` header. Any key is accepted and the signature itself is not
 * verified, since the endpoint knows no secrets; its form is. The parameters of a presigned URL are no signature here:
 * what is not verified must at least stand where no web page can put it.
 */
export function readSigner(headers: IncomingHttpHeaders): Signer {
  const header = headers.authorization
  if (header === undefined || header === '')
    return refuse('MissingAuthenticationTokenException', 'Missing Authentication Token')
  const [, algorithm, rest] = /^(\S+)\s*(.*)$/s.exec(header) ?? []
  if (algorithm === undefined || !algorithm.startsWith('AWS4-'))
    refuse('IncompleteSignatureException', `Authorization header is of no known kind: ${bounded(header)}`)
  const parameters = new Map<string, string>()
  for (const part of (rest ?? '').split(',')) {
    const equals = part.indexOf('=')
    if (equals > 0) parameters.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim())
  }
  const missing: string[] = requiredParameters
    .filter(name => !parameters.get(name))
    .map(name => `Authorization header requires '${name}' parameter.`)
  if (headers['x-amz-date'] === undefined && headers.date === undefined)
    missing.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
  if (missing.length > 0) refuse('IncompleteSignatureException', missing.join(' '))
  const signature = parameters.get('Signature') ?? ''
  if (algorithm === 'AWS4-HMAC-SHA256' && !/^[0-9a-f]{64}$/i.test(signature))
    refuse('IncompleteSignatureException', `Signature must be 64 hexadecimal digits: ${bounded(signature)}`)
  return readCredential(parameters.get('Credential') ?? '')
}

/** `AKID/20250131/eu-west-1/lambda/aws4_request`; the access key itself may hold slashes. */
function readCredential(credential: string): Signer {
  const parts = credential.split('/')
  const [date, region, service, end] = parts.slice(-4)
  const accessKeyId = parts.slice(0, -4).join('/')
  if (!accessKeyId || !/^\d{8}$/.test(date ?? '') || !region || !service || end !== 'aws4_request')
    refuse(
      'IncompleteSignatureException',
      `Credential must have the form key/date/region/service/aws4_request: ${bounded(credential)}`,
    )
  return { accessKeyId, region }
}

function bounded(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}
