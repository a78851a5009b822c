/** Files with resources that a `serverless.yml` takes in: they hold its variables, and refer to what it makes. */
import { rawGet } from './raw.ts'
import type { Raw } from './raw.ts'
import type { Scope } from './intrinsics.ts'
import type { Loc } from './source.ts'
import { joinValues, scalarValue, unknownValue } from './value.ts'
import type { Value } from './value.ts'

const VARIABLE = /\$\{(?:self|opt|sls|param|file|env|ssm|cf|s3)(?:\([^)]*\))?:/
/** `#{AWS::Region}` of the plugin serverless-pseudo-parameters. */
const PSEUDO = /#\{[A-Za-z][\w:.]{0,200}\}/
/** What the framework makes under names of its own. */
const MADE =
  /\b(?:ApiGatewayRestApi|HttpApi|WebsocketsApi|IamRoleLambdaExecution|ServerlessDeploymentBucket|ApiGatewayDeployment\w*|[A-Z]\w*LambdaFunction)\b/g

/**
 * Whether a file with `Resources` is such a part: it is no template by itself, and nothing is concluded from it alone.
 */
export function isPartOfService(raw: Raw, text: string): boolean {
  if (VARIABLE.test(text) || PSEUDO.test(text)) return true
  if (rawGet(raw, 'AWSTemplateFormatVersion') !== undefined || rawGet(raw, 'Transform') !== undefined) return false
  return (text.match(MADE) ?? []).some(
    name =>
      rawGet(raw, 'Resources', name) === undefined &&
      rawGet(raw, 'Parameters', name) === undefined &&
      new RegExp(`(?:Ref|GetAtt|DependsOn)[\\W\\s]{1,60}${name}\\b|\\$\\{${name}\\b`).test(text),
  )
}

const HOLE = new RegExp(`${VARIABLE.source}[^{}]{0,300}\\}|${PSEUDO.source}`, 'g')

/** A text whose variables nobody here can resolve. */
export const expandPart: NonNullable<Scope['expand']> = (text, raw, source) =>
  withHoles(text, { source, start: raw.start, end: raw.end })

/** The text with `#{AWS::Region}` as unknown parts; undefined where it has none. */
export const withPseudoHoles = (text: string, at: Loc): Value | undefined =>
  PSEUDO.test(text) ? withHoles(text, at) : undefined

function withHoles(text: string, at: Loc): Value | undefined {
  const parts: Value[] = []
  let last = 0
  for (const match of text.matchAll(HOLE)) {
    if (match.index > last) parts.push(scalarValue(at, text.slice(last, match.index)))
    parts.push(unknownValue(at, `${match[0]} is given by the service that takes the file in`))
    last = match.index + match[0].length
  }
  if (!parts.length) return undefined
  if (last < text.length) parts.push(scalarValue(at, text.slice(last)))
  const [only, ...others] = parts
  return only && !others.length ? only : joinValues(at, parts)
}
