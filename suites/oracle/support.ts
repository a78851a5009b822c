/** Does an endpoint know an action at all? Missing is not wrong. */
import type { Answer } from '../case.ts'

const NO_SUCH_ACTION =
  /^(UnknownOperation|UnknownAction|InvalidAction|NotImplemented|NotYetImplemented|UnsupportedOperation|MethodNotAllowed|NoSuchOperation)/i
const NOT_IMPLEMENTED =
  /not (yet )?(been )?implemented|unknown (operation|action|path)|no such (operation|action)|pro feature|not available in (your|the) (license|plan)/i

/**
 * True when the answer says plainly that there is no such action here: 501, 405, an error of that name, a text of that
 * kind in a refusal that names no error, or a 404 without a name that is what nonsense gets too (`noRoute`). A crash
 * says nothing, whatever words are in it.
 */
export function isUnsupported(answer: Answer): boolean {
  const { status, error } = answer
  if (status === undefined || status < 400) return false
  if (status === 501 || status === 405) return true
  if (status >= 500) return false
  if (error?.name !== undefined) return NO_SUCH_ACTION.test(error.name)
  if (status === 404 && answer.noRoute !== false) return true
  const text = error?.message ?? new TextDecoder().decode(answer.body.subarray(0, 2000))
  return (status === 404 || status === 400) && NOT_IMPLEMENTED.test(text)
}

/** Over a rate or busy: not an answer to what was asked. */
export function isThrottled(answer: Answer): boolean {
  return (
    answer.status === 429 ||
    answer.status === 503 ||
    /^(Throttling|TooManyRequests|RequestLimit|SlowDown|ServiceUnavailable)/.test(answer.error?.name ?? '')
  )
}

/**
 * The account stands in the way, not the request: its role may not do what a legal value asks for, or it is a small one
 * in which functions may have 3008 MB only.
 */
export function isAccountsDoing(answer: Answer): boolean {
  return (
    (answer.status ?? 0) >= 400 &&
    /(execution )?role .{0,500}(does not have permission|cannot be assumed)|less than or equal to 3008\b/i.test(
      answer.error?.message ?? '',
    )
  )
}

/** The caller's credentials or account stand in the way. */
export function isDenied(answer: Answer): boolean {
  return (
    (answer.status === 401 || answer.status === 403 || answer.status === 400) &&
    /^(AccessDenied|NotAuthorized|OptIn|ExpiredToken|UnrecognizedClient|InvalidClientToken|InvalidSignature|SignatureDoesNotMatch|MissingAuthentication|IncompleteSignature|RequestExpired)/.test(
      answer.error?.name ?? '',
    )
  )
}
