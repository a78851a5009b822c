/** What broke on the way to an endpoint, in one word. */

export interface TransportFailure {
  readonly kind: 'refused' | 'reset' | 'timeout' | 'tls' | 'too-large' | 'protocol'
  readonly message: string
}

const REFUSED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL'])
const RESET = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'UND_ERR_SOCKET', 'UND_ERR_DESTROYED', 'UND_ERR_CLOSED'])
const TIMEOUT = new Set(['ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'])
const TOO_LARGE = new Set(['UND_ERR_RES_EXCEEDED_MAX_SIZE', 'UND_ERR_HEADERS_OVERFLOW'])
const TLS = /^(ERR_TLS|ERR_SSL|CERT_|EPROTO|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|ERR_OSSL)/

/** Failures that are no fault of the network but of our own request: to be thrown. */
export function isOurFault(error: unknown): boolean {
  return codeOf(error) === 'UND_ERR_INVALID_ARG' || codeOf(error) === 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH'
}

/** Why no answer came, in the few words that verdicts and reports use. */
export function classifyFailure(error: unknown): TransportFailure {
  const code = codeOf(error)
  const message = messageOf(error)
  if (TLS.test(code)) return { kind: 'tls', message }
  if (REFUSED.has(code)) return { kind: 'refused', message }
  if (TIMEOUT.has(code)) return { kind: 'timeout', message }
  if (TOO_LARGE.has(code)) return { kind: 'too-large', message }
  if (RESET.has(code)) return { kind: 'reset', message }
  return { kind: 'protocol', message }
}

/** The code of the innermost cause that has one: undici wraps what the socket said. */
function codeOf(error: unknown): string {
  let code = ''
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if ('code' in at && typeof at.code === 'string' && (code === '' || code.startsWith('UND_ERR'))) code = at.code
    // Several addresses were tried (`localhost` as ::1 and 127.0.0.1): the last one speaks for all.
    if (at instanceof AggregateError && at.errors.length > 0) return codeOf(at.errors.at(-1)) || code
  }
  return code
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors.at(-1))
  const text = error instanceof Error ? error.message || codeOf(error) : String(error)
  return text.slice(0, 500)
}
