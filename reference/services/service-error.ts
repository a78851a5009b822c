/** A refusal of another service. These have forms of their own: no `Type`, and a name that travels in the body. */
export class ServiceError extends Error {
  readonly errorName: string
  /** What the older query protocol of the service calls the same; SDKs show it as the code. */
  readonly queryName: string | undefined

  constructor(errorName: string, message: string, queryName?: string) {
    super(message)
    this.errorName = errorName
    this.queryName = queryName
  }
}

/** Ends the handling of a request to another service. */
export function refuseService(name: string, message: string, queryName?: string): never {
  throw new ServiceError(name, message, queryName)
}
