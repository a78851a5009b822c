/**
 * Takes credentials out of what is kept or shown. What looks like a credential goes always; a `Redactor` knows the
 * secrets of a run as well, and finds them however they are spelt.
 */
import { secretPattern } from './secret-forms.ts'

/** Eight letters of base64: what was base64 can still be decoded. */
const REDACTED = 'REDACTED'

const SECRET_HEADERS = new Set([
  'authorization',
  'proxy-authorization',
  'x-amz-security-token',
  'cookie',
  'set-cookie',
  'x-api-key',
])

/** True for headers whose value authenticates; any case. */
export function isSecretHeader(name: string): boolean {
  return SECRET_HEADERS.has(name.toLowerCase())
}

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  // Presigned query parameters.
  [
    /\b(X-Amz-(?:Signature|Credential|Security-Token)|AWSAccessKeyId|Signature)(=|%3D)[^&"'\s\\<>,]+/gi,
    `$1$2${REDACTED}`,
  ],
  // Authorization headers in commands and messages.
  [/\b(AWS4-HMAC-SHA256\s+Credential)=[^\n"']*/gi, `$1=${REDACTED}`],
  [/\b(Authorization["']?\s*[:=]\s*["']?(?:Bearer|Basic)\s+)[^\s"'\\]+/gi, `$1${REDACTED}`],
  [/\b(X-Amz-Security-Token["']?\s*:\s*["']?)[^\s"'\\]+/gi, `$1${REDACTED}`],
  // Access key ids of every kind that AWS gives, and secrets that are named as such.
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, REDACTED],
  [/\b(aws_?(?:secret_?access_?key|session_?token)["']?\s*[:=]\s*["']?)[A-Za-z0-9/+=]{16,}/gi, `$1${REDACTED}`],
  // User and password of a URL.
  [/(\b[a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@:"']+:[^\s/@"']+@/gi, `$1${REDACTED}@`],
]

/** In every text that a pattern may match; most texts have none of it, and a report has a hundred thousand texts. */
const SUSPECT = /signature|credential|token|accesskey|authorization|a[ks]ia|secret|:\/\//i

/** `text` without what looks as if it authenticated. */
export function redact(text: string): string {
  if (!SUSPECT.test(text)) return text
  let redacted = text
  for (const [pattern, replacement] of PATTERNS) redacted = redacted.replace(pattern, replacement)
  return redacted
}

/** A `JSON.stringify` replacer: redacts every string, and the values of headers that authenticate. */
export function redactingReplacer(key: string, value: unknown): unknown {
  if (typeof value !== 'string') return value
  return isSecretHeader(key) ? REDACTED : redact(value)
}

/**
 * Knows the secrets of a run. What is redacted must be whole: half of a secret is not recognised, so nothing is cut
 * before. All of it takes time in proportion to what it is given.
 */
export interface Redactor {
  text(text: string): string
  /** Takes out the secrets of the run alone, and leaves what only looks like credentials. */
  secretsIn(text: string): string
  /** The same for bytes that may be no text: the array itself when no secret is in it. */
  secretsInBytes(bytes: Uint8Array): Uint8Array
  headers(headers: { readonly [name: string]: string }): { [name: string]: string }
  /** Every string in a JSON value, keys of mappings included. */
  value<T>(value: T): T
}

/** Secrets of fewer than eight characters are none: they are not searched for. */
export function createRedactor(secrets: readonly string[]): Redactor {
  const pattern = secretPattern(secrets)
  const secretsIn = (text: string): string => (pattern === undefined ? text : text.replace(pattern, REDACTED))
  const text = (given: string): string => redact(secretsIn(given))

  function value(given: unknown): unknown {
    if (typeof given === 'string') return text(given)
    if (Array.isArray(given)) return given.map(value)
    if (typeof given !== 'object' || given === null) return given
    return Object.fromEntries(Object.entries(given).map(([key, one]) => [text(key), value(one)]))
  }

  return {
    text,
    secretsIn,
    secretsInBytes(given) {
      if (pattern === undefined) return given
      const read = Buffer.from(given.buffer, given.byteOffset, given.byteLength).toString('latin1')
      const clean = secretsIn(read)
      return clean === read ? given : Buffer.from(clean, 'latin1')
    },
    headers: given =>
      Object.fromEntries(
        Object.entries(given).map(([name, one]) => [text(name), isSecretHeader(name) ? REDACTED : text(one)]),
      ),
    value: value as <T>(value: T) => T,
  }
}

/** Those of the credentials in use, and those that the programs of the run find in the environment. */
export function secretsOf(
  credentials: { readonly secretAccessKey: string; readonly sessionToken?: string },
  env: { readonly [name: string]: string | undefined } = {},
): readonly string[] {
  return [
    credentials.secretAccessKey,
    credentials.sessionToken,
    env['AWS_SECRET_ACCESS_KEY'],
    env['AWS_SESSION_TOKEN'],
  ].filter((secret): secret is string => secret !== undefined && secret !== '')
}
