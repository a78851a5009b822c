/** Terraform's resource types of AWS, and how their attributes are called by CloudFormation. */
import { jsonDocument } from './json-document.ts'
import { absentValue, listValue, scalarValue, translatedValue } from '../value.ts'
import type { Loc } from '../source.ts'
import type { Value } from '../value.ts'

/** Attributes of one block by Terraform's names. */
export type Attributes = Value

interface Translation {
  readonly type: string
  readonly properties: (attributes: Attributes) => { readonly [name: string]: Value | undefined }
}

/** A nested block: an object, or a list of one. */
export const block = (value: Value): Value => (value.kind === 'list' ? value.at(0) : value)

/** Attributes that are called the same but for their spelling: `batch_size` is `BatchSize`. */
const same = (attributes: Attributes, ...names: readonly string[]): { readonly [name: string]: Value } =>
  Object.fromEntries(
    names.map(name => [
      name
        .split('_')
        .map(part => part.charAt(0).toUpperCase() + part.slice(1))
        .join(''),
      present(attributes.at(name)),
    ]),
  )

/** Terraform writes null for what is not set. */
const present = (value: Value): Value => (value.kind === 'null' ? absentValue(value.loc) : value)

const optionalDocument = (value: Value): Value | undefined =>
  present(value).isAbsent ? undefined : jsonDocument(value)

const wrap = (
  value: Value,
  make: (value: Value) => { readonly [name: string]: Value | undefined },
): Value | undefined => {
  if (present(value).isAbsent) return undefined
  return value.isUnknown ? value : translatedValue(value.loc, make(value), value.open)
}

const each = (value: Value, make: (value: Value) => Value): Value | undefined => {
  if (present(value).isAbsent) return undefined
  if (value.kind === 'list') {
    const items = value.items().map(item => () => make(item))
    return listValue(value.loc, items, value.open)
  }
  return value.isUnknown ? value : listValue(value.loc, [() => make(value)])
}

const destinations = (value: Value): Value | undefined =>
  wrap(block(value), config => ({
    OnSuccess: wrap(block(config.at('on_success')), one => ({
      Destination: one.at('destination').isAbsent ? one.at('destination_arn') : one.at('destination'),
    })),
    OnFailure: wrap(block(config.at('on_failure')), one => ({
      Destination: one.at('destination').isAbsent ? one.at('destination_arn') : one.at('destination'),
    })),
  }))

/** `{ "2" = 0.1 }` of an alias, as a list of versions with their weights. */
const weightsOf = (value: Value): Value =>
  value.kind === 'map'
    ? listValue(
        value.loc,
        value.entries().map(
          entry => () =>
            translatedValue(entry.keyLoc, {
              FunctionVersion: scalarValue(entry.keyLoc, entry.key),
              FunctionWeight: entry.value,
            }),
        ),
        value.open,
      )
    : value

/** A map of tags as a list of keys and values. */
const tagsOf = (value: Value): Value =>
  value.kind === 'map'
    ? listValue(
        value.loc,
        value
          .entries()
          .map(
            entry => () =>
              translatedValue(entry.keyLoc, { Key: scalarValue(entry.keyLoc, entry.key), Value: entry.value }),
          ),
        value.open,
      )
    : value

/** Arguments of a function that CloudFormation has under the same name, and the module of the registry, too. */
export const FUNCTION_ARGUMENTS = [
  'function_name',
  'handler',
  'runtime',
  'timeout',
  'memory_size',
  'description',
  'layers',
  'architectures',
  'package_type',
  'kms_key_arn',
  'publish',
] as const

/** Types of the provider, and the resource of CloudFormation that each becomes. */
export const TERRAFORM_TYPES: { readonly [type: string]: Translation } = {
  aws_lambda_function: {
    type: 'AWS::Lambda::Function',
    properties: at => ({
      ...same(at, ...FUNCTION_ARGUMENTS, 'role', 'code_signing_config_arn'),
      Tags: tagsOf(present(at.at('tags'))),
      DurableConfig: wrap(block(at.at('durable_config')), one => ({
        ExecutionTimeout: present(one.at('execution_timeout')),
        RetentionPeriodInDays: present(one.at('retention_period')),
      })),
      TenancyConfig: wrap(block(at.at('tenancy_config')), one => same(one, 'tenant_isolation_mode')),
      ImageConfig: wrap(block(at.at('image_config')), one => same(one, 'command', 'entry_point', 'working_directory')),
      // -1 is Terraform's way to say that nothing is reserved.
      ReservedConcurrentExecutions:
        at.at('reserved_concurrent_executions').number() === -1
          ? undefined
          : present(at.at('reserved_concurrent_executions')),
      Environment: wrap(block(at.at('environment')), one => ({ Variables: present(one.at('variables')) })),
      VpcConfig: wrap(block(at.at('vpc_config')), one => ({
        ...same(one, 'subnet_ids', 'security_group_ids'),
        Ipv6AllowedForDualStack: present(one.at('ipv6_allowed_for_dual_stack')),
      })),
      TracingConfig: wrap(block(at.at('tracing_config')), one => same(one, 'mode')),
      DeadLetterConfig: wrap(block(at.at('dead_letter_config')), one => same(one, 'target_arn')),
      EphemeralStorage: wrap(block(at.at('ephemeral_storage')), one => same(one, 'size')),
      LoggingConfig: wrap(block(at.at('logging_config')), one =>
        same(one, 'log_format', 'log_group', 'application_log_level', 'system_log_level'),
      ),
      SnapStart: wrap(block(at.at('snap_start')), one => same(one, 'apply_on')),
      FileSystemConfigs: each(at.at('file_system_config'), one =>
        translatedValue(one.loc, same(one, 'arn', 'local_mount_path')),
      ),
      Code:
        at.at('image_uri').isAbsent || at.at('image_uri').kind === 'null'
          ? present(at.at('filename'))
          : translatedValue(at.at('image_uri').loc, { ImageUri: at.at('image_uri') }),
    }),
  },
  aws_lambda_event_source_mapping: {
    type: 'AWS::Lambda::EventSourceMapping',
    properties: at => ({
      ...same(
        at,
        'event_source_arn',
        'function_name',
        'batch_size',
        'maximum_batching_window_in_seconds',
        'starting_position',
        'starting_position_timestamp',
        'parallelization_factor',
        'maximum_retry_attempts',
        'maximum_record_age_in_seconds',
        'bisect_batch_on_function_error',
        'tumbling_window_in_seconds',
        'function_response_types',
        'enabled',
        'topics',
        'queues',
        'kms_key_arn',
      ),
      ProvisionedPollerConfig: wrap(block(at.at('provisioned_poller_config')), one =>
        same(one, 'minimum_pollers', 'maximum_pollers'),
      ),
      DocumentDBEventSourceConfig: wrap(block(at.at('document_db_event_source_config')), one => ({
        DatabaseName: present(one.at('database_name')),
        CollectionName: present(one.at('collection_name')),
        FullDocument: present(one.at('full_document')),
      })),
      MetricsConfig: wrap(block(at.at('metrics_config')), one => same(one, 'metrics')),
      DestinationConfig: destinations(at.at('destination_config')),
      FilterCriteria: wrap(block(at.at('filter_criteria')), one => ({
        Filters: each(one.at('filter'), filter => translatedValue(filter.loc, same(filter, 'pattern'))),
      })),
      ScalingConfig: wrap(block(at.at('scaling_config')), one => same(one, 'maximum_concurrency')),
      SelfManagedEventSource: wrap(block(at.at('self_managed_event_source')), one => same(one, 'endpoints')),
      SourceAccessConfigurations: each(at.at('source_access_configuration'), one =>
        translatedValue(one.loc, { Type: one.at('type'), URI: one.at('uri') }),
      ),
    }),
  },
  aws_lambda_permission: {
    type: 'AWS::Lambda::Permission',
    properties: at => ({
      ...same(at, 'action', 'function_name', 'principal', 'source_arn', 'source_account', 'event_source_token'),
      PrincipalOrgID: present(at.at('principal_org_id')),
      FunctionUrlAuthType: present(at.at('function_url_auth_type')),
      InvokedViaFunctionUrl: present(at.at('invoked_via_function_url')),
    }),
  },
  aws_lambda_function_event_invoke_config: {
    type: 'AWS::Lambda::EventInvokeConfig',
    properties: at => ({
      ...same(at, 'function_name', 'maximum_event_age_in_seconds', 'maximum_retry_attempts', 'qualifier'),
      DestinationConfig: destinations(at.at('destination_config')),
    }),
  },
  aws_lambda_alias: {
    type: 'AWS::Lambda::Alias',
    properties: at => ({
      ...same(at, 'function_name', 'name', 'function_version'),
      RoutingConfig: wrap(block(at.at('routing_config')), one => ({
        AdditionalVersionWeights: weightsOf(present(one.at('additional_version_weights'))),
      })),
    }),
  },
  aws_lambda_function_url: {
    type: 'AWS::Lambda::Url',
    properties: at => ({
      TargetFunctionArn: present(at.at('function_name')),
      Qualifier: present(at.at('qualifier')),
      AuthType: present(at.at('authorization_type')),
      InvokeMode: present(at.at('invoke_mode')),
      Cors: wrap(block(at.at('cors')), one =>
        same(one, 'allow_credentials', 'allow_headers', 'allow_methods', 'allow_origins', 'expose_headers', 'max_age'),
      ),
    }),
  },
  aws_lambda_provisioned_concurrency_config: {
    type: 'AWS::Lambda::ProvisionedConcurrencyConfig',
    properties: at => same(at, 'function_name', 'qualifier', 'provisioned_concurrent_executions'),
  },
  aws_lambda_layer_version_permission: {
    type: 'AWS::Lambda::LayerVersionPermission',
    properties: at => ({
      ...same(at, 'action', 'principal', 'organization_id'),
      LayerVersionArn: present(at.at('layer_name')),
    }),
  },
  aws_kms_key: {
    type: 'AWS::KMS::Key',
    properties: at => ({
      ...same(at, 'description'),
      EnableKeyRotation: present(at.at('enable_key_rotation')),
      KeyPolicy: optionalDocument(at.at('policy')),
    }),
  },
  aws_secretsmanager_secret_policy: {
    type: 'AWS::SecretsManager::ResourcePolicy',
    properties: at => ({ SecretId: at.at('secret_arn'), ResourcePolicy: jsonDocument(at.at('policy')) }),
  },
  aws_apigatewayv2_route: {
    type: 'AWS::ApiGatewayV2::Route',
    properties: at => same(at, 'api_id', 'route_key', 'target', 'authorization_type', 'authorizer_id'),
  },
  aws_apigatewayv2_stage: {
    type: 'AWS::ApiGatewayV2::Stage',
    properties: at => ({
      ...same(at, 'api_id', 'auto_deploy'),
      StageName: present(at.at('name')),
      DefaultRouteSettings: wrap(block(at.at('default_route_settings')), one =>
        same(one, 'throttling_burst_limit', 'throttling_rate_limit'),
      ),
      AccessLogSettings: wrap(block(at.at('access_log_settings')), one => same(one, 'destination_arn', 'format')),
    }),
  },
  aws_api_gateway_stage: {
    type: 'AWS::ApiGateway::Stage',
    properties: at => ({
      ...same(at, 'rest_api_id', 'deployment_id', 'stage_name'),
      TracingEnabled: present(at.at('xray_tracing_enabled')),
      AccessLogSetting: wrap(block(at.at('access_log_settings')), one => same(one, 'destination_arn', 'format')),
    }),
  },
  aws_lambda_layer_version: {
    type: 'AWS::Lambda::LayerVersion',
    properties: at => ({
      ...same(at, 'layer_name', 'compatible_runtimes', 'compatible_architectures'),
      Content: present(at.at('filename')),
    }),
  },
  aws_sqs_queue: {
    type: 'AWS::SQS::Queue',
    properties: at => ({
      QueueName: present(at.at('name')),
      VisibilityTimeout: present(at.at('visibility_timeout_seconds')),
      MessageRetentionPeriod: present(at.at('message_retention_seconds')),
      FifoQueue: present(at.at('fifo_queue')),
      ContentBasedDeduplication: present(at.at('content_based_deduplication')),
      DelaySeconds: present(at.at('delay_seconds')),
      RedrivePolicy: optionalDocument(at.at('redrive_policy')),
      KmsMasterKeyId: present(at.at('kms_master_key_id')),
      SqsManagedSseEnabled: present(at.at('sqs_managed_sse_enabled')),
      MaximumMessageSize: present(at.at('max_message_size')),
      ReceiveMessageWaitTimeSeconds: present(at.at('receive_wait_time_seconds')),
      ...same(at, 'deduplication_scope', 'fifo_throughput_limit'),
    }),
  },
  aws_sqs_queue_policy: {
    type: 'AWS::SQS::QueuePolicy',
    properties: at => ({
      Queues: listValue(at.loc, [() => at.at('queue_url')]),
      PolicyDocument: jsonDocument(at.at('policy')),
    }),
  },
  aws_sns_topic: {
    type: 'AWS::SNS::Topic',
    properties: at => ({
      TopicName: present(at.at('name')),
      FifoTopic: present(at.at('fifo_topic')),
      ContentBasedDeduplication: present(at.at('content_based_deduplication')),
      KmsMasterKeyId: present(at.at('kms_master_key_id')),
    }),
  },
  aws_sns_topic_policy: {
    type: 'AWS::SNS::TopicPolicy',
    properties: at => ({
      Topics: listValue(at.loc, [() => at.at('arn')]),
      PolicyDocument: jsonDocument(at.at('policy')),
    }),
  },
  aws_sns_topic_subscription: {
    type: 'AWS::SNS::Subscription',
    properties: at => ({
      ...same(at, 'topic_arn', 'protocol', 'endpoint'),
      FilterPolicy: optionalDocument(at.at('filter_policy')),
      RedrivePolicy: optionalDocument(at.at('redrive_policy')),
    }),
  },
  aws_dynamodb_table: {
    type: 'AWS::DynamoDB::Table',
    properties: at => ({
      TableName: present(at.at('name')),
      StreamSpecification:
        at.at('stream_enabled').boolean() === true || at.at('stream_enabled').isUnknown
          ? translatedValue(at.at('stream_enabled').loc, { StreamViewType: present(at.at('stream_view_type')) })
          : undefined,
      PointInTimeRecoverySpecification: wrap(block(at.at('point_in_time_recovery')), one => ({
        PointInTimeRecoveryEnabled: present(one.at('enabled')),
      })),
      SSESpecification: wrap(block(at.at('server_side_encryption')), one => ({
        SSEEnabled: present(one.at('enabled')),
      })),
      DeletionProtectionEnabled: present(at.at('deletion_protection_enabled')),
    }),
  },
  aws_kinesis_stream: {
    type: 'AWS::Kinesis::Stream',
    properties: at => ({
      ...same(at, 'name', 'shard_count'),
      RetentionPeriodHours: present(at.at('retention_period')),
      StreamEncryption:
        present(at.at('kms_key_id')).isAbsent && at.at('encryption_type').string() !== 'KMS'
          ? undefined
          : translatedValue(at.loc, { KeyId: present(at.at('kms_key_id')) }),
      StreamModeDetails: wrap(block(at.at('stream_mode_details')), one => same(one, 'stream_mode')),
    }),
  },
  aws_s3_bucket: { type: 'AWS::S3::Bucket', properties: at => ({ BucketName: present(at.at('bucket')) }) },
  aws_s3_bucket_policy: {
    type: 'AWS::S3::BucketPolicy',
    properties: at => ({ Bucket: at.at('bucket'), PolicyDocument: jsonDocument(at.at('policy')) }),
  },
  aws_cloudwatch_event_rule: {
    type: 'AWS::Events::Rule',
    properties: at => ({
      ...same(at, 'name', 'schedule_expression', 'event_bus_name'),
      EventPattern: optionalDocument(at.at('event_pattern')),
    }),
  },
  aws_scheduler_schedule: {
    type: 'AWS::Scheduler::Schedule',
    properties: at => ({
      ...same(at, 'name', 'schedule_expression'),
      State: present(at.at('state')),
      ScheduleExpressionTimezone: present(at.at('schedule_expression_timezone')),
      KmsKeyArn: present(at.at('kms_key_arn')),
      FlexibleTimeWindow: wrap(block(at.at('flexible_time_window')), one =>
        same(one, 'mode', 'maximum_window_in_minutes'),
      ),
      Target: wrap(block(at.at('target')), one => ({
        ...same(one, 'arn', 'role_arn', 'input'),
        DeadLetterConfig: wrap(block(one.at('dead_letter_config')), dead => same(dead, 'arn')),
        RetryPolicy: wrap(block(one.at('retry_policy')), retry =>
          same(retry, 'maximum_event_age_in_seconds', 'maximum_retry_attempts'),
        ),
      })),
    }),
  },
  aws_cloudwatch_log_group: {
    type: 'AWS::Logs::LogGroup',
    properties: at => ({
      LogGroupName: present(at.at('name')),
      RetentionInDays: at.at('retention_in_days').number() === 0 ? undefined : present(at.at('retention_in_days')),
      KmsKeyId: present(at.at('kms_key_id')),
    }),
  },
  aws_cloudwatch_log_subscription_filter: {
    type: 'AWS::Logs::SubscriptionFilter',
    properties: at => same(at, 'log_group_name', 'destination_arn', 'filter_pattern'),
  },
  aws_cloudwatch_metric_alarm: {
    type: 'AWS::CloudWatch::Alarm',
    properties: at => ({
      ...same(
        at,
        'alarm_name',
        'metric_name',
        'namespace',
        'statistic',
        'threshold',
        'comparison_operator',
        'evaluation_periods',
        'period',
        'alarm_actions',
        'treat_missing_data',
      ),
      Dimensions:
        at.at('dimensions').kind === 'map'
          ? listValue(
              at.at('dimensions').loc,
              at
                .at('dimensions')
                .entries()
                .map(
                  entry => () =>
                    translatedValue(entry.keyLoc, { Name: scalarValue(entry.keyLoc, entry.key), Value: entry.value }),
                ),
            )
          : present(at.at('dimensions')),
    }),
  },
  aws_iam_role: {
    type: 'AWS::IAM::Role',
    properties: at => ({
      RoleName: present(at.at('name')),
      AssumeRolePolicyDocument: jsonDocument(at.at('assume_role_policy')),
      ManagedPolicyArns: present(at.at('managed_policy_arns')),
      Policies: each(at.at('inline_policy'), one =>
        translatedValue(one.loc, { PolicyName: one.at('name'), PolicyDocument: jsonDocument(one.at('policy')) }),
      ),
      PermissionsBoundary: present(at.at('permissions_boundary')),
    }),
  },
  aws_iam_role_policy: {
    type: 'AWS::IAM::RolePolicy',
    properties: at => ({
      RoleName: at.at('role'),
      PolicyName: present(at.at('name')),
      PolicyDocument: jsonDocument(at.at('policy')),
    }),
  },
  aws_iam_policy: {
    type: 'AWS::IAM::ManagedPolicy',
    properties: at => ({ ManagedPolicyName: present(at.at('name')), PolicyDocument: jsonDocument(at.at('policy')) }),
  },
  aws_api_gateway_integration: {
    type: 'AWS::ApiGateway::Method',
    properties: at => ({
      RestApiId: at.at('rest_api_id'),
      HttpMethod: at.at('http_method'),
      Integration: translatedValue(at.loc, { Uri: at.at('uri'), Type: at.at('type') }),
    }),
  },
  aws_api_gateway_method: {
    type: 'AWS::ApiGateway::Method',
    properties: at => ({
      ...same(at, 'rest_api_id', 'resource_id', 'http_method', 'authorizer_id', 'api_key_required'),
      AuthorizationType: present(at.at('authorization')),
    }),
  },
  aws_api_gateway_authorizer: {
    type: 'AWS::ApiGateway::Authorizer',
    properties: at => ({
      ...same(at, 'rest_api_id', 'name', 'type', 'authorizer_uri', 'identity_source'),
      AuthorizerResultTtlInSeconds: present(at.at('authorizer_result_ttl_in_seconds')),
      AuthorizerCredentials: present(at.at('authorizer_credentials')),
      ProviderARNs: present(at.at('provider_arns')),
    }),
  },
  aws_apigatewayv2_authorizer: {
    type: 'AWS::ApiGatewayV2::Authorizer',
    properties: at => ({
      ...same(at, 'api_id', 'name', 'authorizer_type', 'authorizer_uri', 'authorizer_payload_format_version'),
    }),
  },
  aws_api_gateway_rest_api: { type: 'AWS::ApiGateway::RestApi', properties: at => same(at, 'name') },
  aws_apigatewayv2_api: {
    type: 'AWS::ApiGatewayV2::Api',
    properties: at => same(at, 'name', 'protocol_type', 'target'),
  },
  aws_apigatewayv2_integration: {
    type: 'AWS::ApiGatewayV2::Integration',
    properties: at => same(at, 'api_id', 'integration_uri', 'integration_type', 'payload_format_version'),
  },
  aws_lb_target_group: {
    type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
    properties: at => ({
      ...same(at, 'name', 'target_type', 'port', 'protocol', 'vpc_id'),
    }),
  },
  aws_sfn_state_machine: {
    type: 'AWS::StepFunctions::StateMachine',
    properties: at => ({
      StateMachineName: present(at.at('name')),
      RoleArn: at.at('role_arn'),
      Definition: jsonDocument(at.at('definition')),
      TracingConfiguration: wrap(block(at.at('tracing_configuration')), one => same(one, 'enabled')),
      LoggingConfiguration: wrap(block(at.at('logging_configuration')), one => ({
        Level: present(one.at('level')),
        Destinations: present(one.at('log_destination')),
      })),
      EncryptionConfiguration: wrap(block(at.at('encryption_configuration')), one => same(one, 'kms_key_id', 'type')),
    }),
  },
  aws_secretsmanager_secret: { type: 'AWS::SecretsManager::Secret', properties: at => same(at, 'name', 'kms_key_id') },
  aws_mq_broker: { type: 'AWS::AmazonMQ::Broker', properties: at => same(at, 'broker_name', 'engine_type') },
  aws_msk_cluster: { type: 'AWS::MSK::Cluster', properties: at => same(at, 'cluster_name') },
}

/** `arn` of Terraform is `Arn` of CloudFormation; what names a resource is its `Ref`. */
export function attributeName(type: string, attribute: string): string {
  if (attribute === 'arn' || attribute === 'qualified_arn') return 'Arn'
  if (attribute === 'stream_arn') return 'StreamArn'
  if (attribute === 'invoke_arn') return 'Arn'
  if (
    attribute === 'id' ||
    attribute === 'url' ||
    attribute === 'name' ||
    attribute === 'function_name' ||
    attribute === 'bucket'
  )
    return type === 'aws_sqs_queue' && attribute === 'name' ? 'QueueName' : 'Ref'
  return attribute
}

const names = new Map<string, ReadonlySet<string>>()

/**
 * Whether a property of CloudFormation's is one that the types above translate: only then is it known not to be there.
 * @param address of the resource, which tells its type in Terraform; where it does not, `type` is CloudFormation's.
 * @param path with dots; its first step decides, and the empty one stands for none.
 */
export function isTranslatedName(address: string, type: string, path: string): boolean {
  const own = /(?:^|\.)(aws_\w+)\./.exec(address)?.[1]
  const key = own !== undefined && Object.hasOwn(TERRAFORM_TYPES, own) ? own : type
  let translated = names.get(key)
  if (!translated) {
    const nothing = translatedValue(NOWHERE, {})
    translated = new Set(
      Object.entries(TERRAFORM_TYPES)
        .filter(([name, one]) => name === key || one.type === key)
        .flatMap(([, one]) => Object.keys(one.properties(nothing))),
    )
    names.set(key, translated)
  }
  return translated.has(path.split(/[.[]|->/)[0] ?? '')
}

const NOWHERE: Loc = { source: { path: '', absolute: '', text: '' }, start: 0, end: 0 }
