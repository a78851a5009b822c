/**
 * The last guard against credentials in a report. What sends requests has already redacted what it recorded; evidence from
 * elsewhere, code frames and messages of endpoints pass through here as well.
 */

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
  [/\b(X-Amz-(?:Signature|Credential|Security-Token)|AWSAccessKeyId|Signature)=[^&"'\s\\<>,]+/gi, `$1=${REDACTED}`],
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

/** `text` without what authenticates. */
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
