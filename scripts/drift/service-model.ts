/** AWS's own model of a service, as botocore carries it: only what is compared with the pages. */

export interface ModelShape {
  readonly type: string
  readonly members?: { readonly [name: string]: { readonly shape: string } }
  readonly member?: { readonly shape: string }
  readonly key?: { readonly shape: string }
  readonly value?: { readonly shape: string }
  readonly required?: readonly string[]
  readonly min?: number
  readonly max?: number
  readonly pattern?: string
  readonly enum?: readonly string[]
}

export interface ServiceModel {
  readonly operations: {
    readonly [name: string]: {
      readonly http: { readonly method: string; readonly requestUri: string; readonly responseCode?: number }
      readonly input?: { readonly shape: string }
      readonly output?: { readonly shape: string }
      readonly errors?: readonly { readonly shape: string }[]
    }
  }
  readonly shapes: { readonly [name: string]: ModelShape }
}
