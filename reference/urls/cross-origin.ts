/** What a URL says to pages of other origins, by the settings of its owner. */

/** https://docs.aws.amazon.com/lambda/latest/api/API_Cors.html */
export interface CorsSettings {
  readonly AllowCredentials?: boolean
  readonly AllowHeaders?: readonly string[]
  readonly AllowMethods?: readonly string[]
  readonly AllowOrigins?: readonly string[]
  readonly ExposeHeaders?: readonly string[]
  /** Seconds. */
  readonly MaxAge?: number
}

type Headers = { readonly [name: string]: string }

/** The headers of any answer; none where the origin is not among those that are allowed. */
export function corsHeaders(cors: CorsSettings | undefined, origin: string | undefined): Headers {
  const { AllowOrigins: origins = [], ExposeHeaders: exposed = [] } = cors ?? {}
  if (origin === undefined || !(origins.includes('*') || origins.includes(origin))) return {}
  const anybody = origins.includes('*') && cors?.AllowCredentials !== true
  return {
    'access-control-allow-origin': anybody ? '*' : origin,
    ...(!anybody && { vary: 'Origin' }),
    ...(cors?.AllowCredentials === true && { 'access-control-allow-credentials': 'true' }),
    ...(exposed.length > 0 && { 'access-control-expose-headers': exposed.join(',') }),
  }
}

/** The headers of the answer to a browser that asks before it sends. */
export function preflightHeaders(cors: CorsSettings | undefined, origin: string | undefined): Headers {
  const allowed = corsHeaders(cors, origin)
  if (Object.keys(allowed).length === 0) return {}
  const { AllowHeaders: headers = [], AllowMethods: methods = [], MaxAge: age } = cors ?? {}
  return {
    ...allowed,
    ...(methods.length > 0 && { 'access-control-allow-methods': methods.join(',') }),
    ...(headers.length > 0 && { 'access-control-allow-headers': headers.join(',') }),
    ...(age !== undefined && { 'access-control-max-age': String(age) }),
  }
}
