/** Takes credentials out of what is kept as evidence. */

const SECRET_HEADERS = new Set([
  'authorization',
  'x-amz-security-token',
  'cookie',
  'set-cookie',
  'proxy-authorization',
  'x-api-key',
])
const SECRET_QUERY =
  /([?&]|\\u0026|&amp;|^)(X-Amz-(?:Signature|Credential|Security-Token)|AWSAccessKeyId|Signature)=[^&"'\s\\<>]*/gi
const REDACTED = 'REDACTED'

/** Headers with lower-case names; what authenticates is replaced. */
export function redactHeaders(
  headers: { readonly [name: string]: string },
  secrets: readonly string[],
): { [name: string]: string } {
  const redacted: { [name: string]: string } = {}
  for (const [name, value] of Object.entries(headers)) {
    redacted[name] = SECRET_HEADERS.has(name.toLowerCase()) ? REDACTED : redactText(value, secrets)
  }
  return redacted
}

/** Text of a url or a body: presigned query parameters and the secrets themselves are replaced. */
export function redactText(text: string, secrets: readonly string[]): string {
  let redacted = text.includes('=')
    ? text.replace(SECRET_QUERY, (_, before: string, name: string) => `${before}${name}=${REDACTED}`)
    : text
  for (const secret of secrets) redacted = redacted.split(secret).join(REDACTED)
  return redacted
}

/** Secrets worth searching for: short ones such as `test` would tear ordinary text apart and are no secrets anyway. */
export function secretsOf(credentials: {
  readonly secretAccessKey: string
  readonly sessionToken?: string
}): readonly string[] {
  return [credentials.secretAccessKey, credentials.sessionToken ?? ''].filter(secret => secret.length >= 16)
}
