/** Whether all the code of a function can be read: only then may anybody say that something is never used. */
import type { CodeFile } from '../application/code.ts'
import type { LambdaFunction } from '../application/model.ts'
import { isPythonVisible } from '../python/visible-code.ts'
import { sdkUseOf } from './sdk-calls.ts'

/** Packages that call nothing of AWS by themselves. */
const PURE = new Set(
  `
ajv ajv-formats ajv-keywords async axios axios-retry base64url bcrypt bcryptjs bignumber.js bluebird body-parser boom bottleneck busboy camelcase camelcase-keys case chalk change-case class-transformer class-validator
cookie cookie-parser cors crypto-js csv-parse csv-parser csv-stringify date-fns date-fns-tz dayjs debug decimal.js deep-equal deepmerge dotenv ejs envalid env-var escape-html express fast-deep-equal fast-json-stringify
fast-xml-parser fastify file-type form-data fp-ts got graphql graphql-tag handlebars helmet hono html-to-text http-errors http-status http-status-codes inversify io-ts ioredis is-plain-object iso8601-duration jimp joi
jose json-stable-stringify jsonwebtoken jszip jwk-to-pem jwks-rsa knex koa lambda-api lambda-log lodash lodash-es loglevel lru-cache luxon marked memoizee mime mime-types mjml moment moment-timezone mongodb mongoose
morgan ms mustache mysql mysql2 nanoid nconf neverthrow node-cache node-fetch nodemailer object-hash on-finished openai p-limit p-map p-queue p-retry papaparse passport path-to-regexp pdf-lib pdfkit pg pino pino-lambda
pino-pretty pluralize prom-client pug qs query-string ramda random redis reflect-metadata request request-promise rxjs sanitize-html semver sequelize serverless-http sharp slugify source-map-support string-template
stripe superagent tar tiny-invariant tslib tsyringe typeorm ts-pattern twilio ua-parser-js ulid underscore undici unzipper url-join uuid validator winston ws xlsx xml2js yaml js-yaml yup zod
@middy/core @middy/http-json-body-parser @middy/http-error-handler @middy/http-cors @middy/validator @middy/http-header-normalizer @middy/http-event-normalizer @middy/input-output-logger @middy/error-logger
@middy/do-not-wait-for-empty-event-loop @middy/warmup @middy/event-normalizer @middy/http-response-serializer @middy/http-security-headers @middy/http-urlencode-body-parser @middy/sqs-partial-batch-failure @middy/cloudwatch-metrics
@aws-lambda-powertools/logger @aws-lambda-powertools/metrics @aws-lambda-powertools/tracer @aws-lambda-powertools/commons @aws-lambda-powertools/batch @aws-lambda-powertools/parser @aws-lambda-powertools/event-handler
@vendia/serverless-express aws-serverless-express aws-xray-sdk aws-xray-sdk-core aws-lambda aws-embedded-metrics @types/aws-lambda @codegenie/serverless-express @hapi/boom @hapi/joi @sentry/serverless @sentry/aws-serverless @sentry/node
@slack/web-api @sinclair/typebox @aws-sdk/types @aws-sdk/util-dynamodb @aws-sdk/lib-dynamodb @aws-sdk/lib-storage @aws-sdk/s3-request-presigner @aws-sdk/s3-presigned-post @aws-sdk/smithy-client @smithy/types @smithy/node-http-handler
@smithy/util-stream @smithy/smithy-client @smithy/util-retry @aws-sdk/node-http-handler @aws-sdk/util-stream-node @aws-sdk/client-dynamodb-streams
`
    .trim()
    .split(/\s+/),
)

const BUILT_IN =
  /^(node:)?(assert|async_hooks|buffer|console|constants|crypto|dgram|diagnostics_channel|dns|domain|events|fs|http|http2|https|inspector|module|net|os|path|perf_hooks|process|punycode|querystring|readline|stream|string_decoder|timers|tls|trace_events|tty|url|util|v8|vm|wasi|worker_threads|zlib|test)(\/\w+)?$/

const readable = new WeakMap<CodeFile, boolean>()

/**
 * Whether every file that runs is a source of the project, nothing comes from layers, and no import leads to code that
 * may call AWS itself.
 */
export function isWhollyVisible(fn: LambdaFunction): boolean {
  const handler = fn.entry
  if (!fn.lookup.found && fn.lookup.python)
    return fn.layers.isAbsent && fn.packageType === 'Zip' && isPythonVisible(fn.lookup.python)
  if (!handler || !fn.layers.isAbsent || fn.packageType !== 'Zip') return false
  if (['AWS_LAMBDA_EXEC_WRAPPER', 'NODE_OPTIONS'].some(name => !fn.environment.at(name).isAbsent)) return false
  return handler.files.every(file => {
    const known = readable.get(file) ?? isReadable(file)
    readable.set(file, known)
    return known
  })
}

function isReadable(file: CodeFile): boolean {
  // A source map says that the text is not the source.
  if (file.generated || /^\/\/# sourceMappingURL=/m.test(file.source.text)) return false
  if (/\b(require|import)\s*\(\s*[^'"`\s)]|\beval\s*\(|\bchild_process\b/.test(file.source.text)) return false
  return (
    file.imports.every(one => one.kind === 'type' || one.file !== undefined || isPlain(one.specifier)) &&
    !sdkUseOf(file).packages.has('@aws-sdk/credential-providers')
  )
}

function isPlain(specifier: string): boolean {
  if (specifier.startsWith('.')) return specifier.endsWith('.json')
  if (BUILT_IN.test(specifier) || PURE.has(specifier)) return true
  if (/^@aws-sdk\/client-[a-z0-9-]+$/.test(specifier) || /^aws-sdk(\/clients\/[\w-]+)?$/.test(specifier)) return true
  if (/^@aws-lambda-powertools\/parameters\/(ssm|secrets)$/.test(specifier)) return true
  const parts = specifier.split('/')
  return PURE.has(specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? ''))
}
