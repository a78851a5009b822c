/**
 * Modules that are not in the project. Of `terraform-aws-modules/lambda` it is known what it makes of its arguments,
 * since most functions of Terraform are written with it; of every other nothing is known.
 */
import { loadKnowledge } from '../../data/pages.ts'
import type { Resource } from '../model.ts'
import type { Loc } from '../source.ts'
import {
  absentValue,
  listValue,
  mapValue,
  referenceValue,
  scalarValue,
  translatedValue,
  unknownValue,
} from '../value.ts'
import type { Value } from '../value.ts'
import type { DeclaredBlock } from './assemble.ts'
import type { Module } from './module.ts'
import { policyDocument } from './policy-document.ts'
import { attributeName, FUNCTION_ARGUMENTS } from './types.ts'

/** A call of a module whose files are not there. */
export function callRegistryModule(
  from: string | undefined,
  given: Value,
  address: string,
  loc: Loc,
  resources: ReadonlyMap<string, Resource>,
): Module {
  if (from !== undefined && /(^|\/)terraform-aws-modules\/lambda\/aws$|terraform-aws-lambda(\.git)?(\?.*)?$/.test(from))
    return lambdaModule(given, address, loc, resources)
  if (
    from !== undefined &&
    /terraform-aws-(modules\/)?lambda(\/aws|\.git)?\/\/modules\/docker-build(\?.*)?$/.test(from)
  )
    return dockerModule(given, address, loc, resources)
  return {
    blocks: [],
    open: true,
    output: (name, at) =>
      unknownValue(at, `output ${name} of the module ${from ?? ''} is not in the project`.replace('  ', ' ')),
  }
}

/** Outputs of the module, and the resource and attribute that they are. */
const OUTPUTS: { readonly [output: string]: readonly [resource: string, attribute: string] } = {
  lambda_function_arn: ['aws_lambda_function.this', 'arn'],
  lambda_function_invoke_arn: ['aws_lambda_function.this', 'invoke_arn'],
  lambda_function_name: ['aws_lambda_function.this', 'function_name'],
  lambda_function_qualified_arn: ['aws_lambda_function.this', 'qualified_arn'],
  lambda_role_arn: ['aws_iam_role.lambda', 'arn'],
  lambda_role_name: ['aws_iam_role.lambda', 'name'],
  lambda_cloudwatch_log_group_name: ['aws_cloudwatch_log_group.lambda', 'name'],
  lambda_cloudwatch_log_group_arn: ['aws_cloudwatch_log_group.lambda', 'arn'],
}

/** Arguments that the function resource takes under the same name. */
const SAME = [...FUNCTION_ARGUMENTS, 'image_uri', 'tags', 'reserved_concurrent_executions'] as const

/** What the module was given, and what writes down the blocks that it makes of it. */
type ModuleMaker = ReturnType<typeof moduleMaker>

function moduleMaker(given: Value, address: string, loc: Loc, resources: ReadonlyMap<string, Resource>) {
  const is = (name: string, fallback: boolean): boolean => given.at(name).boolean() ?? fallback
  const at = (name: string): Value => given.at(name)
  const reference = (id: string, attribute: string, place: Loc): Value =>
    referenceValue(place, {
      id: address + id,
      attribute: attributeName(typeOf(id), attribute),
      get resource() {
        return resources.get(address + id)
      },
    })
  const blocks: DeclaredBlock[] = []
  const add = (
    id: string,
    attributes: { readonly [name: string]: Value | undefined },
    mode: 'managed' | 'data' = 'managed',
  ): void => {
    blocks.push({
      address: address + id,
      type: typeOf(id),
      mode,
      loc,
      attributes: translatedValue(loc, attributes, given.open),
    })
  }
  const list = (...values: readonly Value[]): Value =>
    listValue(
      loc,
      values.map(value => () => value),
    )
  return { is, at, reference, add, list, loc, blocks }
}

function lambdaModule(given: Value, address: string, loc: Loc, resources: ReadonlyMap<string, Resource>): Module {
  const maker = moduleMaker(given, address, loc, resources)
  const { is, blocks, reference } = maker
  if (is('create_function', true) && !is('create_layer', false) && !is('create_lambda_layer', false)) addFunction(maker)
  if (is('create_role', true)) addRole(maker)
  addAsyncConfig(maker)
  addTriggers(maker)
  addUrl(maker)
  return {
    blocks,
    open: false,
    output: (name, place) => {
      const known = Object.hasOwn(OUTPUTS, name) ? OUTPUTS[name] : undefined
      return known ? reference(known[0], known[1], place) : unknownValue(place, `output ${name} of the lambda module`)
    },
  }
}

/** Builds an image of a folder; its repository and who may use it are of no interest here. */
function dockerModule(given: Value, address: string, loc: Loc, resources: ReadonlyMap<string, Resource>): Module {
  const { add, at, blocks, reference } = moduleMaker(given, address, loc, resources)
  const build = { context: at('source_path'), dockerfile: at('docker_file_path') }
  add('docker_image.this', { build: translatedValue(loc, build) })
  return {
    blocks,
    open: true,
    output: (name, place) =>
      name === 'image_uri' || name === 'image_id'
        ? reference('docker_image.this', 'id', place)
        : unknownValue(place, `output ${name} of the module of an image`),
  }
}

/** A block of the provider around one value; nothing where the value is not given. */
const wrapped = (name: string, value: Value, loc = value.loc): Value | undefined =>
  value.isAbsent ? undefined : translatedValue(loc, { [name]: value })

function addFunction({ at, is, add, reference, loc }: ModuleMaker): void {
  add('aws_lambda_function.this', {
    ...Object.fromEntries(SAME.map(name => [name, at(name)])),
    timeout: at('timeout').isAbsent
      ? scalarValue(loc, loadKnowledge().defaultOf('CreateFunction', 'Timeout'))
      : at('timeout'),
    role: is('create_role', true) ? reference('aws_iam_role.lambda', 'arn', loc) : at('lambda_role'),
    filename: at('local_existing_package').isAbsent
      ? reference('data.archive_file.source', 'output_path', loc)
      : at('local_existing_package'),
    environment: wrapped('variables', at('environment_variables')),
    vpc_config: at('vpc_subnet_ids').isAbsent
      ? undefined
      : translatedValue(at('vpc_subnet_ids').loc, {
          subnet_ids: at('vpc_subnet_ids'),
          security_group_ids: at('vpc_security_group_ids'),
        }),
    tracing_config: wrapped('mode', at('tracing_mode')),
    dead_letter_config: wrapped('target_arn', at('dead_letter_target_arn')),
    ephemeral_storage: wrapped('size', at('ephemeral_storage_size')),
  })
  const source = sourcePath(at('source_path'))
  // The module packages what it is pointed to with npm or pip: a folder as it lies.
  if (source)
    add(
      'data.archive_file.source',
      { [/\.\w+$/.test(source.string() ?? '') ? 'source_file' : 'source_dir']: source },
      'data',
    )
  const retention = at('cloudwatch_logs_retention_in_days')
  if (!is('use_existing_cloudwatch_log_group', false))
    add('aws_cloudwatch_log_group.lambda', {
      name: unknownValue(loc, 'the module names it'),
      retention_in_days: retention,
    })
}

function addRole({ at, is, add, list, reference, loc }: ModuleMaker): void {
  add('aws_iam_role.lambda', {
    name: at('role_name'),
    assume_role_policy: mapValue(loc, [{ key: 'Statement', keyLoc: loc, evaluate: () => list(trustStatement(loc)) }]),
  })
  const attach = (id: string, policy: Value): void =>
    add(`aws_iam_role_policy.${id}`, { role: reference('aws_iam_role.lambda', 'name', loc), policy })
  const actions = (...names: readonly string[]): Value =>
    policyDocument(
      translatedValue(loc, {
        statement: list(
          translatedValue(loc, {
            actions: list(...names.map(name => scalarValue(loc, name))),
            resources: list(scalarValue(loc, '*')),
          }),
        ),
      }),
    )
  if (is('attach_cloudwatch_logs_policy', true))
    attach('logs', actions('logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'))
  if (is('attach_network_policy', false))
    attach(
      'vpc',
      actions(
        'ec2:CreateNetworkInterface',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DeleteNetworkInterface',
        'ec2:DescribeSubnets',
        'ec2:AssignPrivateIpAddresses',
        'ec2:UnassignPrivateIpAddresses',
      ),
    )
  if (is('attach_tracing_policy', false))
    attach('tracing', actions('xray:PutTraceSegments', 'xray:PutTelemetryRecords'))
  if (is('attach_dead_letter_policy', false)) attach('dead_letter', actions('sqs:SendMessage', 'sns:Publish'))
  if (is('attach_async_event_policy', false))
    attach('async', actions('sqs:SendMessage', 'sns:Publish', 'events:PutEvents', 'lambda:InvokeFunction'))
  if (is('attach_policy_json', false)) attach('json', at('policy_json'))
  if (is('attach_policy_jsons', false))
    for (const [index, policy] of at('policy_jsons').items().entries()) attach(`json_${index}`, policy)
  if (is('attach_policy_statements', false))
    attach('statements', policyDocument(translatedValue(loc, { statement: statementsOf(at('policy_statements')) })))
  const managed = [
    ...(is('attach_policy', false) ? [at('policy')] : []),
    ...(is('attach_policies', false) ? at('policies').items() : []),
  ]
  for (const [index, policy] of managed.entries())
    add(`aws_iam_role_policy_attachment.managed_${index}`, {
      role: reference('aws_iam_role.lambda', 'name', loc),
      policy_arn: policy,
    })
}

function addAsyncConfig({ at, is, add, reference, loc }: ModuleMaker): void {
  const names = ['maximum_event_age_in_seconds', 'maximum_retry_attempts']
  if (!is('create_async_event_config', false)) return
  add('aws_lambda_function_event_invoke_config.this', {
    function_name: reference('aws_lambda_function.this', 'function_name', loc),
    ...Object.fromEntries(names.map(name => [name, at(name)])),
    destination_config: translatedValue(loc, {
      on_failure: wrapped('destination', at('destination_on_failure'), loc),
      on_success: wrapped('destination', at('destination_on_success'), loc),
    }),
  })
}

/** Nobody is asked who they are unless an argument says so. */
function addUrl({ at, is, add, reference, loc }: ModuleMaker): void {
  if (!is('create_lambda_function_url', false)) return
  add('aws_lambda_function_url.this', {
    function_name: reference('aws_lambda_function.this', 'function_name', loc),
    authorization_type: at('authorization_type').isAbsent
      ? scalarValue(at('create_lambda_function_url').loc, 'NONE')
      : at('authorization_type'),
    cors: at('cors'),
    invoke_mode: at('invoke_mode'),
  })
}

function addTriggers({ at, add, reference }: ModuleMaker): void {
  const named = (value: Value): readonly (readonly [string, Value])[] =>
    value.entries().map(entry => [entry.key, entry.value])
  for (const [name, trigger] of named(at('allowed_triggers')))
    add(`aws_lambda_permission.${name}`, {
      function_name: reference('aws_lambda_function.this', 'function_name', trigger.loc),
      action: trigger.at('action').isAbsent ? scalarValue(trigger.loc, 'lambda:InvokeFunction') : trigger.at('action'),
      principal: trigger.at('principal').isAbsent ? serviceOf(trigger) : trigger.at('principal'),
      source_arn: trigger.at('source_arn'),
      source_account: trigger.at('source_account'),
    })
  for (const [name, mapping] of named(at('event_source_mapping')))
    add(`aws_lambda_event_source_mapping.${name}`, {
      ...Object.fromEntries(mapping.entries().map(entry => [entry.key, entry.value])),
      function_name: reference('aws_lambda_function.this', 'arn', mapping.loc),
    })
}

const serviceOf = (trigger: Value): Value => {
  const service = trigger.at('service').string()
  return service === undefined
    ? absentValue(trigger.loc)
    : scalarValue(trigger.at('service').loc, `${service}.amazonaws.com`)
}

const trustStatement = (loc: Loc): Value =>
  translatedValue(loc, {
    Effect: scalarValue(loc, 'Allow'),
    Action: scalarValue(loc, 'sts:AssumeRole'),
    Principal: translatedValue(loc, { Service: scalarValue(loc, 'lambda.amazonaws.com') }),
  })

/** Statements are given as a list, or as a map whose keys are their ids. */
const statementsOf = (value: Value): Value =>
  value.kind === 'map'
    ? listValue(
        value.loc,
        value.entries().map(entry => () => entry.value),
        value.open,
      )
    : value

/** A folder, a list of folders and settings, or a mapping with `path`: the first folder of them. */
function sourcePath(value: Value): Value | undefined {
  if (value.isAbsent || value.kind === 'null') return undefined
  if (value.kind === 'list') return sourcePath(value.at(0))
  return value.kind === 'map' ? sourcePath(value.at('path')) : value
}

/** `aws_iam_role` of `aws_iam_role.lambda`, `archive_file` of `data.archive_file.source`. */
const typeOf = (id: string): string => id.replace(/^data\./, '').split('.')[0] ?? ''
