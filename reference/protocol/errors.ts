/**
 * The errors of the service and their form on the wire. The name alone decides the status and how the text is spelt.
 */

interface ErrorForm {
  readonly status: number
  /** Who is to blame; absent where the service does not say. */
  readonly type?: 'User' | 'Server'
  /** Some errors spell their text `Message`, the others `message`. */
  readonly textMember: 'message' | 'Message'
}

const user = (status: number, textMember: 'message' | 'Message' = 'message'): ErrorForm => ({
  status,
  type: 'User',
  textMember,
})
const server = (status: number): ErrorForm => ({ status, type: 'Server', textMember: 'Message' })
const untyped = (status: number): ErrorForm => ({ status, textMember: 'message' })

const forms = {
  CodeSigningConfigNotFoundException: user(404, 'Message'),
  CodeStorageExceededException: user(400),
  CodeVerificationFailedException: user(400, 'Message'),
  InvalidCodeSignatureException: user(400, 'Message'),
  InvalidParameterValueException: user(400),
  InvalidRequestContentException: user(400),
  PolicyLengthExceededException: user(400),
  PreconditionFailedException: user(412),
  ProvisionedConcurrencyConfigNotFoundException: user(404),
  RequestTooLargeException: user(413),
  ResourceConflictException: user(409),
  ResourceInUseException: user(400, 'Message'),
  ResourceNotFoundException: user(404, 'Message'),
  TooManyRequestsException: user(429),
  InvalidRuntimeException: server(502),
  InvalidZipFileException: server(502),
  ServiceException: server(500),
  AccessDeniedException: { status: 403, textMember: 'Message' },
  IncompleteSignatureException: untyped(403),
  MissingAuthenticationTokenException: untyped(403),
  RequestEntityTooLargeException: untyped(413),
  SerializationException: untyped(400),
  UnknownOperationException: untyped(404),
  UnrecognizedClientException: untyped(403),
  ValidationException: untyped(400),
} satisfies Record<string, ErrorForm>

/** An error that this endpoint gives. */
export type ErrorName = keyof typeof forms

/**
 * A refusal that the service answers with; anything else that is thrown is a fault of ours and becomes a
 * `ServiceException`.
 */
export class ServiceError extends Error {
  readonly errorName: ErrorName
  /** Further members of the error body, such as `Reason`. */
  readonly details: { readonly [member: string]: string }
  readonly headers: { readonly [header: string]: string }

  constructor(
    name: ErrorName,
    message: string,
    details: { readonly [member: string]: string } = {},
    headers: { readonly [header: string]: string } = {},
  ) {
    super(message)
    this.errorName = name
    this.details = details
    this.headers = headers
  }
}

/** Ends the handling of a request with the named error. */
export function refuse(
  name: ErrorName,
  message: string,
  details?: { readonly [member: string]: string },
  headers?: { readonly [header: string]: string },
): never {
  throw new ServiceError(name, message, details, headers)
}

/** Status, headers and JSON body with which an error leaves the endpoint. */
export function errorAnswer(error: ServiceError): {
  status: number
  headers: { [header: string]: string }
  body: object
} {
  const form: ErrorForm = forms[error.errorName]
  return {
    status: form.status,
    headers: { 'x-amzn-ErrorType': error.errorName, ...error.headers },
    body: {
      ...(form.type && { Type: form.type }),
      ...error.details,
      [form.textMember]: error.message === '' ? null : error.message,
    },
  }
}
