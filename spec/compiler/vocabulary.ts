/**
 * The closed lists of words that pages may use. What is not in them is an error of the page, so that a typing mistake
 * is never silence.
 */

import type { LawName } from '../model.ts'

/** Profiles that can be certified. */
export const PROFILES = [
  'account',
  'aliases',
  'async',
  'cloudwatch-logs',
  'code-signing',
  'concurrency',
  'event-sources',
  'extensions',
  'functions',
  'invoke',
  'layers',
  'logs',
  'permissions',
  'runtime-api',
  'tags',
  'urls',
  'versions',
] as const

/** Classes of statements that any endpoint can be held against which runs functions beside queues and streams. */
export const ENDPOINT_CLASSES = [
  'plain',
  'running',
  'asynchronous',
  'mapping',
  'sqs',
  'kinesis',
  'dynamodb',
  'runtime-api',
  'extensions-api',
  'logs-api',
] as const

/** What a test of a statement takes: against an endpoint first, then by reading, then what no machine checks. */
export const STATEMENT_CLASSES = [
  ...ENDPOINT_CLASSES,
  'brokers',
  'images',
  'authorization',
  'triggers',
  'observability',
  'aws-only',
  'time-or-scale',
  'other-languages',
  'static-template',
  'static-code',
  'static-policy',
  'static-package',
  'static-other-languages',
  'advice',
] as const

/** What an endpoint may be able to do, beyond answering. */
export const CAPABILITIES = [
  'create',
  'invoke',
  'node',
  'python',
  'provided',
  'async',
  'logs',
  'sqs',
  'kinesis',
  'dynamodb',
  'journal',
  'signing',
  'vpc',
  'destinations',
  'auth',
  'folders',
  'static-runtime',
  'extension-processes',
  'log-subscriptions',
  'function-urls',
  'cloudwatch-logs',
] as const

/** How much a clause binds. */
export const LEVELS = ['must', 'should', 'may'] as const
/** Where a statement comes from: the guide, what AWS was seen doing, or a later model of the service. */
export const ORIGINS = ['guide', 'recorded', 'model'] as const

/** Resources that no page describes because they belong to other services, and what a reference to them may read. */
export const BUILTIN_RESOURCES: { readonly [resource: string]: readonly string[] } = {
  queue: ['QueueName', 'QueueUrl', 'QueueArn'],
  stream: ['StreamName', 'StreamArn'],
  runtime: ['FunctionName', 'FunctionArn', 'Version'],
  table: ['TableName', 'StreamArn'],
}

/**
 * Other services that steps can call when they are on the same endpoint: what begins the header `X-Amz-Target`, and the
 * version of the JSON protocol.
 */
export const SERVICES: { readonly [service: string]: { readonly target: string; readonly json: string } } = {
  sqs: { target: 'AmazonSQS', json: '1.0' },
  kinesis: { target: 'Kinesis_20131202', json: '1.1' },
  dynamodb: { target: 'DynamoDB_20120810', json: '1.0' },
  logs: { target: 'Logs_20140328', json: '1.1' },
}

/** Variables that every fence knows, and what may be read from them. */
export const STANDING_VARIABLES: { readonly [variable: string]: readonly string[] } = {
  endpoint: ['role', 'region', 'accountId', 'url', 'name', 'run', 'signingProfile'],
  probe: ['Runtime', 'Handler', 'ZipFile'],
  nodejs: ['Runtime', 'Handler', 'ZipFile'],
  python: ['Runtime', 'Handler', 'ZipFile'],
  provided: ['Runtime', 'Handler', 'ZipFile'],
}

/** What an answer has beside its members. */
export const WIRE_KEYS = ['$status', '$headers', '$body', '$ms', '$sha256', '$bytes', '$error', '$declared'] as const

/** First words of info strings that make a fence executable. */
export const FENCES = ['request', 'example', 'property', 'create', 'ready', 'another'] as const

/** Languages of fences that are there to be read, or that are the examples of a rule. */
export const LANGUAGES = [
  'bash',
  'console',
  'csharp',
  'css',
  'csv',
  'diff',
  'docker',
  'dockerfile',
  'go',
  'graphql',
  'hcl',
  'html',
  'http',
  'ini',
  'java',
  'javascript',
  'js',
  'json',
  'json5',
  'jsonc',
  'jsonl',
  'jsx',
  'kotlin',
  'markdown',
  'md',
  'mermaid',
  'mjs',
  'cjs',
  'mts',
  'cts',
  'powershell',
  'properties',
  'py',
  'python',
  'ruby',
  'rust',
  'sh',
  'shell',
  'sql',
  'terraform',
  'text',
  'tf',
  'toml',
  'ts',
  'tsx',
  'txt',
  'typescript',
  'xml',
  'yaml',
  'yml',
  'zsh',
] as const

/** Laws of a resource, in the order in which messages name them. */
export const LAWS = [
  'create twice',
  'read written',
  'read unknown',
  'update unknown',
  'delete unknown',
  'read deleted',
  'list items',
  'mutable',
  'revision',
  'guarded',
  'modified',
  'parallel',
] as const satisfies readonly LawName[]

/** Which action of the lifecycle answers, of the laws that are about one answer. */
export const ANSWERING_ROLES = {
  'create twice': 'create',
  'read written': 'read',
  'read unknown': 'read',
  'read deleted': 'read',
  'update unknown': 'update',
  'delete unknown': 'delete',
} as const satisfies { readonly [law in LawName]?: string }

/** Facts beside members that a quota may bound, by the first part of their name. */
export const QUOTA_SUBJECTS = ['account', 'environment', 'function', 'invocation', 'package', 'rate', 'source'] as const
