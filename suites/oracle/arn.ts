/** The parts of an ARN, as far as Lambda uses them. */

export interface Arn {
  readonly partition: string
  readonly service: string
  readonly region: string
  readonly account: string
  /** What follows the account, such as `function:name:qualifier`. */
  readonly resource: string
}

/** The parts of an ARN; null for what is none. */
export function parseArn(text: unknown): Arn | null {
  if (typeof text !== 'string') return null
  const parts = /^arn:([^:]+):([^:]+):([^:]*):([^:]*):(.+)$/.exec(text)
  if (parts === null) return null
  const [, partition = '', service = '', region = '', account = '', resource = ''] = parts
  return { partition, service, region, account, resource }
}

/** A function as a request may name it, with its qualifier. */
export interface FunctionName {
  readonly name: string
  readonly qualifier?: string
  /** Only when an ARN or a partial ARN gave them. */
  readonly region?: string
  readonly account?: string
}

/** `name`, `name:qualifier`, `account:function:name`, or an ARN; null when it is none of them. */
export function parseFunctionName(text: unknown): FunctionName | null {
  if (typeof text !== 'string' || text === '') return null
  const parts =
    /^(?:arn:[^:]+:lambda:)?(?:([a-z]{2}[a-z-]*-\d+):)?(?:(\d{12}):)?(?:function:)?([a-zA-Z0-9_.-]+)(?::(\$LATEST(?:\.PUBLISHED)?|[a-zA-Z0-9_-]+))?$/.exec(
      text,
    )
  if (parts === null) return null
  const [, region, account, name = '', qualifier] = parts
  return {
    name,
    ...(qualifier === undefined ? {} : { qualifier }),
    ...(region === undefined ? {} : { region }),
    ...(account === undefined ? {} : { account }),
  }
}

/** The function of a `FunctionArn`, `AliasArn` or `MasterArn`; null for anything else. */
export function parseFunctionArn(
  text: unknown,
): (FunctionName & { readonly region: string; readonly account: string }) | null {
  const arn = parseArn(text)
  const parts =
    arn?.service === 'lambda'
      ? /^function:([a-zA-Z0-9_.-]+)(?::(\$LATEST(?:\.PUBLISHED)?|[a-zA-Z0-9_-]+))?$/.exec(arn.resource)
      : null
  if (arn === null || parts === null) return null
  const [, name = '', qualifier] = parts
  return { name, region: arn.region, account: arn.account, ...(qualifier === undefined ? {} : { qualifier }) }
}

/** The layer of a `LayerArn` or `LayerVersionArn`. */
export function parseLayerArn(
  text: unknown,
): { readonly name: string; readonly version?: string; readonly region: string; readonly account: string } | null {
  const arn = parseArn(text)
  const parts = arn?.service === 'lambda' ? /^layer:([a-zA-Z0-9_-]+)(?::(\d+))?$/.exec(arn.resource) : null
  if (arn === null || parts === null) return null
  const [, name = '', version] = parts
  return { name, region: arn.region, account: arn.account, ...(version === undefined ? {} : { version }) }
}
