/** A refusal of a neighbouring service. These have forms of their own: no `Type`, and a name that travels in the body. */
export class NeighbourError extends Error {
  readonly errorName: string
  /** What the older query protocol of the service calls the same; SDKs show it as the code. */
  readonly queryName?: string

  constructor(errorName: string, message: string, queryName?: string) {
    super(message)
    this.errorName = errorName
    this.queryName = queryName
  }
}

/** Ends the handling of a request to a neighbour. */
export function refuseNeighbour(name: string, message: string, queryName?: string): never {
  throw new NeighbourError(name, message, queryName)
}
