/** Commands that a person can paste to see for themselves: `curl` for the bytes, `aws lambda` where the CLI can say the same. */
import type { Exchange } from '../../reports/evidence.ts'
import type { Action } from '../../spec/model.ts'

/** Request headers that curl sets itself, or that only our own signature needs. */
const OWN_HEADERS = new Set(['authorization', 'host', 'content-length', 'x-amz-date', 'x-amz-content-sha256', 'x-amz-security-token', 'connection'])
/** A body above this size does not belong on a command line. */
const MAX_BODY = 8000

/**
 * The request of an exchange as a `curl` command, signed by curl with the credentials of the environment. Undefined when the body is too
 * large, or was not kept whole. Text that came from a page or an endpoint is quoted so that a shell takes it as it is.
 */
export function curlOf(exchange: Exchange, region: string): string | undefined {
  const { request } = exchange
  if (request.bodyBytes > MAX_BODY || (request.bodyEncoding === undefined && Buffer.byteLength(request.body) !== request.bodyBytes)) return undefined
  const signed = request.headers['authorization'] !== undefined
  const words = ['curl', '-sS', '-i', '-X', quote(request.method), '--path-as-is']
  if (signed) {
    // The credentials stay variables of the shell: they are no part of the evidence.
    words.push('--aws-sigv4', quote(`aws:amz:${region}:lambda`), '--user', '"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"')
    if (request.headers['x-amz-security-token'] !== undefined) words.push('-H', '"X-Amz-Security-Token: $AWS_SESSION_TOKEN"')
  }
  for (const [name, value] of Object.entries(request.headers)) {
    if (!OWN_HEADERS.has(name.toLowerCase())) words.push('-H', quote(value === '' ? `${name};` : `${name}: ${value}`))
  }
  if (request.bodyBytes === 0) words.push(quote(request.url))
  else if (request.bodyEncoding === 'base64') return `base64 -d <<< ${quote(request.body)} | ${[...words, '--data-binary', '@-', quote(request.url)].join(' ')}`
  else words.push('--data-raw', quote(request.body), quote(request.url))
  return words.join(' ')
}

/**
 * The same call as an AWS CLI command; undefined when the CLI would refuse to send it (members of a wrong type, a missing required member
 * or an empty label), so that only the raw request shows the fault. `endpointUrl` is that of the endpoint.
 */
export function awsOf(action: Action, params: { readonly [member: string]: unknown }, endpointUrl: string, region: string): string | undefined {
  const words = ['aws', 'lambda', kebab(action.name), '--endpoint-url', quote(endpointUrl), '--region', quote(region), '--cli-binary-format', 'base64']
  for (const member of action.request) {
    const value = params[member.name]
    if (value === undefined) {
      if (member.required) return undefined
      continue
    }
    const word = wordOf(member.type.kind, value)
    if (word === undefined || word.length > MAX_BODY || (member.in === 'uri' && value === '')) return undefined
    if (member.type.kind === 'boolean') words.push(value === true ? `--${kebab(member.name)}` : `--no-${kebab(member.name)}`)
    else words.push(`--${kebab(member.name)}`, quote(word))
  }
  if (Object.keys(params).some((name) => !action.request.some((member) => member.name === name))) return undefined
  // Invocations write what came back to a file.
  if (action.name === 'Invoke') words.push('/dev/stdout')
  return words.join(' ')
}

/** A value as one word of the command line; undefined when the CLI would take it for something else. */
function wordOf(kind: string, value: unknown): string | undefined {
  switch (kind) {
    case 'string':
      // A leading dash would be taken for an option, `file://` for a file.
      return typeof value === 'string' && !/^(-|file:|fileb:)/.test(value) && value !== '' ? value : undefined
    case 'integer':
    case 'long':
    case 'double':
    case 'timestamp':
      return typeof value === 'number' ? String(value) : undefined
    case 'boolean':
      return typeof value === 'boolean' ? '' : undefined
    case 'blob':
      return typeof value === 'string' ? (/^[A-Za-z0-9+/]*={0,2}$/.test(value) ? value : Buffer.from(value).toString('base64')) : undefined
    default:
      return typeof value === 'object' && value !== null ? JSON.stringify(value) : undefined
  }
}

/** `CreateFunction` is `create-function`; `UUID` is `uuid`, `KMSKeyArn` `kms-key-arn`. */
function kebab(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .toLowerCase()
}

/** For a POSIX shell: nothing inside single quotes has a meaning, and control characters are written as escapes. */
export function quote(text: string): string {
  if (/^[A-Za-z0-9_./:=@%+-]+$/.test(text)) return text
  if (/[\u0000-\u001f\u007f]/.test(text)) {
    const escaped = text.replace(/[\\']/g, '\\$&').replace(/[\u0000-\u001f\u007f]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`)
    return `$'${escaped}'`
  }
  return `'${text.replace(/'/g, `'\\''`)}'`
}
