// Made by scripts/event-types.ts from spec/events: change the pages.
/**
 * `lambdacheck/events`: arbitraries of fast-check for the events with which services call functions, and their types.
 *
 *     import { sqsEvent } from 'lambdacheck/events'
 *     fc.assert(fc.asyncProperty(sqsEvent(), async event => { await handler(event) }))
 */
import type fc from 'fast-check'
import { arbitraryOfKind } from './arbitrary.ts'

/** The kinds of events by name. */
export { eventKinds } from './arbitrary.ts'

/** Messages of an ActiveMQ broker. */
export const activemqEvent = (): fc.Arbitrary<ActivemqEvent> => arbitraryOfKind<ActivemqEvent>('activemq')

/** What a load balancer hands to a function that is one of its targets. */
export const albEvent = (): fc.Arbitrary<AlbEvent> => arbitraryOfKind<AlbEvent>('alb')

/** What a smart home skill asks for. */
export const alexaEvent = (): fc.Arbitrary<AlexaEvent> => arbitraryOfKind<AlexaEvent>('alexa')

/** What a REST API hands to a function as a proxy. Members that have nothing to say are null, not missing. */
export const apigatewayV1Event = (): fc.Arbitrary<ApigatewayV1Event> =>
  arbitraryOfKind<ApigatewayV1Event>('apigateway-v1')

/** What an HTTP API hands to a function, in version 2.0 of the format. Function URLs send the same. */
export const apigatewayV2Event = (): fc.Arbitrary<ApigatewayV2Event> =>
  arbitraryOfKind<ApigatewayV2Event>('apigateway-v2')

/** A custom resource is to be made, changed or deleted; the function answers to a url. */
export const cloudformationEvent = (): fc.Arbitrary<CloudformationEvent> =>
  arbitraryOfKind<CloudformationEvent>('cloudformation')

/** A request of a viewer, or to the origin. Names of headers are small, each with a list of values. */
export const cloudfrontEvent = (): fc.Arbitrary<CloudfrontEvent> => arbitraryOfKind<CloudfrontEvent>('cloudfront')

/** Log lines that a subscription filter lets through: one text, base64 of a gzip archive of the document below. */
export const cloudwatchLogsEvent = (): fc.Arbitrary<CloudwatchLogsEvent> =>
  arbitraryOfKind<CloudwatchLogsEvent>('cloudwatch-logs')

/** What a trigger of a repository tells of pushed references. */
export const codecommitEvent = (): fc.Arbitrary<CodecommitEvent> => arbitraryOfKind<CodecommitEvent>('codecommit')

/** An action of a pipeline that the function is to carry out, and to tell of. */
export const codepipelineEvent = (): fc.Arbitrary<CodepipelineEvent> =>
  arbitraryOfKind<CodepipelineEvent>('codepipeline')

/** What Cognito Sync tells before it synchronizes a dataset; records by their key. */
export const cognitoSyncEvent = (): fc.Arbitrary<CognitoSyncEvent> => arbitraryOfKind<CognitoSyncEvent>('cognito')

/** What AWS Config asks a function to judge. Two members are JSON documents in a text. */
export const configEvent = (): fc.Arbitrary<ConfigEvent> => arbitraryOfKind<ConfigEvent>('config')

/** What a contact flow asks a function, and waits for. */
export const connectEvent = (): fc.Arbitrary<ConnectEvent> => arbitraryOfKind<ConnectEvent>('connect')

/** A batch of changes that a mapping read from the stream of a table. Attributes of items come with their types. */
export const dynamodbEvent = (): fc.Arbitrary<DynamodbEvent> => arbitraryOfKind<DynamodbEvent>('dynamodb')

/** Something that happened in an account, in an envelope that all events share. */
export const eventbridgeEvent = (): fc.Arbitrary<EventbridgeEvent> => arbitraryOfKind<EventbridgeEvent>('eventbridge')

/** A batch of records to transform before they are delivered. The list is written with a small letter. */
export const firehoseEvent = (): fc.Arbitrary<FirehoseEvent> => arbitraryOfKind<FirehoseEvent>('firehose')

/** What a detector of IoT Events tells when it changes its state. */
export const iotEventsEvent = (): fc.Arbitrary<IotEventsEvent> => arbitraryOfKind<IotEventsEvent>('iot-events')

/** Messages of a cluster of your own, grouped by topic and partition. Headers are lists of bytes. */
export const kafkaEvent = (): fc.Arbitrary<KafkaEvent> => arbitraryOfKind<KafkaEvent>('kafka')

/** A batch of records that a mapping read from a shard. */
export const kinesisEvent = (): fc.Arbitrary<KinesisEvent> => arbitraryOfKind<KinesisEvent>('kinesis')

/** What a bot of Lex V1 asks a function, and waits for. */
export const lexEvent = (): fc.Arbitrary<LexEvent> => arbitraryOfKind<LexEvent>('lex')

/** Messages of a managed Kafka cluster, which is named by its ARN. */
export const mskEvent = (): fc.Arbitrary<MskEvent> => arbitraryOfKind<MskEvent>('msk')

/** Messages of a RabbitMQ broker, grouped by queue and virtual host. */
export const rabbitmqEvent = (): fc.Arbitrary<RabbitmqEvent> => arbitraryOfKind<RabbitmqEvent>('rabbitmq')

/** What happened to an object. The bucket calls the function asynchronously; the key is URL-encoded. */
export const s3Event = (): fc.Arbitrary<S3Event> => arbitraryOfKind<S3Event>('s3')

/** Objects of a batch operation that the function is to work on. */
export const s3BatchEvent = (): fc.Arbitrary<S3BatchEvent> => arbitraryOfKind<S3BatchEvent>('s3-batch')

/** What a rule with a schedule sends: the envelope of all events, without details. */
export const scheduledEvent = (): fc.Arbitrary<ScheduledEvent> => arbitraryOfKind<ScheduledEvent>('scheduled')

/** A step of the rotation of a secret, for which the service waits. */
export const secretsManagerEvent = (): fc.Arbitrary<SecretsManagerEvent> =>
  arbitraryOfKind<SecretsManagerEvent>('secrets-manager')

/** A mail that a receipt rule hands on, without its body. */
export const sesEvent = (): fc.Arbitrary<SesEvent> => arbitraryOfKind<SesEvent>('ses')

/** A notification. Its members are written with capitals, the source too. What RDS tells of comes in such an event. */
export const snsEvent = (): fc.Arbitrary<SnsEvent> => arbitraryOfKind<SnsEvent>('sns')

/** A batch of messages that a mapping took from a queue. */
export const sqsEvent = (): fc.Arbitrary<SqsEvent> => arbitraryOfKind<SqsEvent>('sqs')

/** events/activemq.md, in the guide with-mq. */
export interface ActivemqEvent {
  eventSource: 'aws:amq' | 'aws:mq'
  eventSourceArn: string
  messages: ActivemqMessage[]
}

/** events/activemq.md, in the guide with-mq. */
export interface ActivemqMessage {
  messageID: string
  messageType: 'jms/text-message' | 'jms/bytes-message'
  data: string
  connectionId: string
  redelivered?: boolean
  persistent?: boolean
  destination: ActivemqDestination
  timestamp: number
  brokerInTime: number
  brokerOutTime: number
}

/** events/activemq.md, in the guide with-mq. */
export interface ActivemqDestination {
  physicalname: string
}

/** events/alb.md, in the guide services-alb. */
export interface AlbEvent {
  requestContext: AlbContext
  httpMethod: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS'
  path: string
  queryStringParameters: { [key: string]: string }
  headers: { [key: string]: string }
  body: string
  isBase64Encoded: boolean
}

/** events/alb.md, in the guide services-alb. */
export interface AlbContext {
  elb: AlbTarget
}

/** events/alb.md, in the guide services-alb. */
export interface AlbTarget {
  targetGroupArn: string
}

/** events/alexa.md, in the guide services-alexa. */
export interface AlexaEvent {
  header: AlexaHeader
  payload: AlexaPayload
}

/** events/alexa.md, in the guide services-alexa. */
export interface AlexaHeader {
  payloadVersion: '1'
  namespace: 'Control'
  name: 'SwitchOnOffRequest'
}

/** events/alexa.md, in the guide services-alexa. */
export interface AlexaPayload {
  switchControlAction: 'TURN_ON' | 'TURN_OFF'
  appliance: AlexaAppliance
  accessToken: string
}

/** events/alexa.md, in the guide services-alexa. */
export interface AlexaAppliance {
  additionalApplianceDetails: { [key: string]: string }
  applianceId: string
}

/** events/apigateway-v1.md, in the guide services-apigateway. */
export interface ApigatewayV1Event {
  resource: string
  path: string
  httpMethod: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS'
  requestContext: ApigatewayV1Context
  headers: { [key: string]: string }
  multiValueHeaders: { [key: string]: string[] }
  queryStringParameters: { [key: string]: string } | null
  multiValueQueryStringParameters: { [key: string]: string[] } | null
  pathParameters: { [key: string]: string } | null
  stageVariables: { [key: string]: string } | null
  body: string | null
  isBase64Encoded: boolean
}

/** events/apigateway-v1.md, in the guide services-apigateway. */
export interface ApigatewayV1Context {
  resourceId: string
  resourcePath: string
  httpMethod: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS'
  path: string
  accountId: string
  apiId: string
  stage: string
  requestId: string
  requestTimeEpoch: number
  identity: ApigatewayV1Identity
}

/** events/apigateway-v1.md, in the guide services-apigateway. */
export interface ApigatewayV1Identity {
  sourceIp: string
  userAgent: string | null
  accessKey: string | null
  accountId: string | null
  caller: string | null
  cognitoAuthenticationProvider: string | null
  cognitoAuthenticationType: string | null
  cognitoIdentityId: string | null
  cognitoIdentityPoolId: string | null
  user: string | null
  userArn: string | null
}

/** events/apigateway-v2.md, in the guide services-apigateway. */
export interface ApigatewayV2Event {
  version: '2.0'
  routeKey: string
  rawPath: string
  rawQueryString: string
  cookies?: string[]
  headers: { [key: string]: string }
  queryStringParameters?: { [key: string]: string }
  pathParameters?: { [key: string]: string }
  stageVariables?: { [key: string]: string }
  requestContext: ApigatewayV2Context
  body?: string
  isBase64Encoded: boolean
}

/** events/apigateway-v2.md, in the guide services-apigateway. */
export interface ApigatewayV2Context {
  accountId: string
  apiId: string
  domainName: string
  domainPrefix: string
  http: ApigatewayV2Http
  requestId: string
  routeKey: string
  stage: string
  time: string
  timeEpoch: number
}

/** events/apigateway-v2.md, in the guide services-apigateway. */
export interface ApigatewayV2Http {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS'
  path: string
  protocol: 'HTTP/1.1' | 'HTTP/2.0'
  sourceIp: string
  userAgent: string
}

/** events/cloudformation.md, in the guide services-cloudformation. */
export interface CloudformationEvent {
  RequestType: 'Create' | 'Update' | 'Delete'
  ServiceToken: string
  ResponseURL: string
  StackId: string
  RequestId: string
  LogicalResourceId: string
  PhysicalResourceId?: string
  ResourceType: string
  ResourceProperties: { [key: string]: unknown }
  OldResourceProperties?: { [key: string]: unknown }
}

/** events/cloudfront.md, in the guide lambda-edge. */
export interface CloudfrontEvent {
  Records: CloudfrontRecord[]
}

/** events/cloudfront.md, in the guide lambda-edge. */
export interface CloudfrontRecord {
  cf: CloudfrontCf
}

/** events/cloudfront.md, in the guide lambda-edge. */
export interface CloudfrontCf {
  config: CloudfrontConfig
  request: CloudfrontRequest
}

/** events/cloudfront.md, in the guide lambda-edge. */
export interface CloudfrontConfig {
  distributionId: string
}

/** events/cloudfront.md, in the guide lambda-edge. */
export interface CloudfrontRequest {
  clientIp: string
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS'
  uri: string
  headers: { [key: string]: CloudfrontHeader[] }
}

/** events/cloudfront.md, in the guide lambda-edge. */
export interface CloudfrontHeader {
  key: string
  value: string
}

/** events/cloudwatch-logs.md, in the guide services-cloudwatchlogs. */
export interface CloudwatchLogsEvent {
  awslogs: CloudwatchLogsData
}

/** events/cloudwatch-logs.md, in the guide services-cloudwatchlogs. */
export interface CloudwatchLogsData {
  data: string
}

/** events/cloudwatch-logs.md, in the guide services-cloudwatchlogs. */
export interface CloudwatchLogsDocument {
  messageType: 'DATA_MESSAGE'
  owner: string
  logGroup: string
  logStream: string
  subscriptionFilters: string[]
  logEvents: CloudwatchLogsLine[]
}

/** events/cloudwatch-logs.md, in the guide services-cloudwatchlogs. */
export interface CloudwatchLogsLine {
  id: string
  timestamp: number
  message: string
}

/** events/codecommit.md, in the guide services-codecommit. */
export interface CodecommitEvent {
  Records: CodecommitRecord[]
}

/** events/codecommit.md, in the guide services-codecommit. */
export interface CodecommitRecord {
  awsRegion: 'us-east-1' | 'us-west-2' | 'eu-west-1' | 'ap-northeast-1'
  codecommit: CodecommitChange
  eventId: string
  eventName: 'ReferenceChanges'
  eventPartNumber: number
  eventSource: 'aws:codecommit'
  eventSourceARN: string
  eventTime: string
  eventTotalParts: number
  eventTriggerConfigId: string
  eventTriggerName: string
  eventVersion: '1.0'
  userIdentityARN: string
}

/** events/codecommit.md, in the guide services-codecommit. */
export interface CodecommitChange {
  references: CodecommitReference[]
}

/** events/codecommit.md, in the guide services-codecommit. */
export interface CodecommitReference {
  commit: string
  ref: string
  created?: boolean
  deleted?: boolean
}

/** events/codepipeline.md, in the guide services-codepipeline. */
export interface CodepipelineEvent {
  'CodePipeline.job': CodepipelineJob
}

/** events/codepipeline.md, in the guide services-codepipeline. */
export interface CodepipelineJob {
  id: string
  accountId: string
  data: CodepipelineData
}

/** events/codepipeline.md, in the guide services-codepipeline. */
export interface CodepipelineData {
  actionConfiguration: CodepipelineAction
  inputArtifacts: CodepipelineArtifact[]
  outputArtifacts: CodepipelineArtifact[]
  artifactCredentials: CodepipelineCredentials
  continuationToken?: string
}

/** events/codepipeline.md, in the guide services-codepipeline. */
export interface CodepipelineAction {
  configuration: CodepipelineConfiguration
}

/** events/codepipeline.md, in the guide services-codepipeline. */
export interface CodepipelineConfiguration {
  FunctionName: string
  UserParameters?: string
}

/** events/codepipeline.md, in the guide services-codepipeline. */
export interface CodepipelineArtifact {
  name: string
  revision: string | null
  location: CodepipelineLocation
}

/** events/codepipeline.md, in the guide services-codepipeline. */
export interface CodepipelineLocation {
  type: 'S3'
  s3Location: CodepipelineS3Location
}

/** events/codepipeline.md, in the guide services-codepipeline. */
export interface CodepipelineS3Location {
  bucketName: string
  objectKey: string
}

/** events/codepipeline.md, in the guide services-codepipeline. */
export interface CodepipelineCredentials {
  accessKeyId: string
  secretAccessKey: string
  sessionToken: string
  expirationTime?: number
}

/** events/cognito.md, in the guide services-cognito. */
export interface CognitoSyncEvent {
  version: number
  eventType: 'SyncTrigger'
  region: 'us-east-1' | 'us-west-2' | 'eu-west-1' | 'ap-northeast-1'
  identityPoolId: string
  identityId: string
  datasetName: string
  datasetRecords: { [key: string]: CognitoSyncRecord }
}

/** events/cognito.md, in the guide services-cognito. */
export interface CognitoSyncRecord {
  oldValue?: string
  newValue?: string
  op: 'replace' | 'remove'
}

/** events/config.md, in the guide services-config. */
export interface ConfigEvent {
  invokingEvent: string
  ruleParameters: string
  resultToken: string
  eventLeftScope: boolean
  executionRoleArn: string
  configRuleArn: string
  configRuleName: string
  configRuleId: string
  accountId: string
  version: '1.0'
}

/** events/connect.md, in the guide services-connect. */
export interface ConnectEvent {
  Details: ConnectDetails
  Name: 'ContactFlowEvent'
}

/** events/connect.md, in the guide services-connect. */
export interface ConnectDetails {
  ContactData: ConnectContact
  Parameters: { [key: string]: string }
}

/** events/connect.md, in the guide services-connect. */
export interface ConnectContact {
  Attributes: { [key: string]: string }
  Channel: 'VOICE' | 'CHAT'
  ContactId: string
  CustomerEndpoint: ConnectEndpoint
  InitialContactId: string
  InitiationMethod: 'INBOUND' | 'OUTBOUND' | 'TRANSFER' | 'CALLBACK'
  InstanceARN: string
  PreviousContactId: string
  Queue?: ConnectQueue
  SystemEndpoint: ConnectEndpoint
}

/** events/connect.md, in the guide services-connect. */
export interface ConnectEndpoint {
  Address: string
  Type: 'TELEPHONE_NUMBER'
}

/** events/connect.md, in the guide services-connect. */
export interface ConnectQueue {
  ARN: string
  Name: string
}

/** events/dynamodb.md, in the guide with-ddb. */
export interface DynamodbEvent {
  Records: DynamodbRecord[]
}

/** events/dynamodb.md, in the guide with-ddb. */
export interface DynamodbRecord {
  eventID: string
  eventName: 'INSERT' | 'MODIFY' | 'REMOVE'
  eventVersion: '1.0' | '1.1'
  eventSource: 'aws:dynamodb'
  awsRegion: 'us-east-1'
  dynamodb: DynamodbChange
  eventSourceARN: string
}

/** events/dynamodb.md, in the guide with-ddb. */
export interface DynamodbChange {
  ApproximateCreationDateTime: number
  Keys: { [key: string]: DynamodbValue }
  NewImage?: { [key: string]: DynamodbValue }
  OldImage?: { [key: string]: DynamodbValue }
  SequenceNumber: string
  SizeBytes: number
  StreamViewType: 'NEW_AND_OLD_IMAGES'
}

/** events/dynamodb.md, in the guide with-ddb. */
export interface DynamodbValue {
  S: string
}

/** events/eventbridge.md, in the guide services-cloudwatchevents. */
export interface EventbridgeEvent {
  version: '0'
  id: string
  'detail-type': string
  source: string
  account: string
  time: string
  region: 'us-east-1' | 'us-west-2' | 'eu-west-1' | 'ap-northeast-1'
  resources: string[]
  detail: { [key: string]: unknown }
}

/** events/firehose.md, in the guide services-kinesisfirehose. */
export interface FirehoseEvent {
  invocationId: string
  deliveryStreamArn: string
  region: 'us-east-1' | 'us-west-2' | 'eu-west-1' | 'ap-northeast-1'
  records: FirehoseRecord[]
}

/** events/firehose.md, in the guide services-kinesisfirehose. */
export interface FirehoseRecord {
  recordId: string
  approximateArrivalTimestamp: number
  data: string
  kinesisRecordMetadata?: FirehoseMetadata
}

/** events/firehose.md, in the guide services-kinesisfirehose. */
export interface FirehoseMetadata {
  shardId: string
  partitionKey: string
  approximateArrivalTimestamp: string
  sequenceNumber: string
  subsequenceNumber: string
}

/** events/iot-events.md, in the guide services-iotevents. */
export interface IotEventsEvent {
  event: IotEventsAction
}

/** events/iot-events.md, in the guide services-iotevents. */
export interface IotEventsAction {
  eventName: string
  eventTime: number
  payload: IotEventsPayload
}

/** events/iot-events.md, in the guide services-iotevents. */
export interface IotEventsPayload {
  detector: IotEventsDetector
  eventTriggerDetails: IotEventsTrigger
  actionExecutionId: string
  state: IotEventsState
}

/** events/iot-events.md, in the guide services-iotevents. */
export interface IotEventsDetector {
  detectorModelName: string
  detectorModelVersion: string
  keyValue?: string
}

/** events/iot-events.md, in the guide services-iotevents. */
export interface IotEventsTrigger {
  triggerType: 'Message'
  inputName: string
  messageId: string
}

/** events/iot-events.md, in the guide services-iotevents. */
export interface IotEventsState {
  variables: { [key: string]: unknown }
  stateName: string
  timers: { [key: string]: unknown }
}

/** events/kafka.md, in the guide with-kafka. */
export interface KafkaEvent {
  eventSource: 'aws:SelfManagedKafka'
  bootstrapServers: string
  records: { [key: string]: KafkaRecord[] }
}

/** events/kafka.md, in the guide with-kafka. */
export interface KafkaRecord {
  topic: string
  partition: number
  offset: number
  timestamp: number
  timestampType: 'CREATE_TIME' | 'LOG_APPEND_TIME'
  key?: string
  value: string
  headers: { [key: string]: number[] }[]
}

/** events/kinesis.md, in the guide with-kinesis. */
export interface KinesisEvent {
  Records: KinesisRecord[]
}

/** events/kinesis.md, in the guide with-kinesis. */
export interface KinesisRecord {
  kinesis: KinesisData
  eventSource: 'aws:kinesis'
  eventVersion: '1.0'
  eventID: string
  eventName: 'aws:kinesis:record'
  invokeIdentityArn: string
  awsRegion: 'us-east-1'
  eventSourceARN: string
}

/** events/kinesis.md, in the guide with-kinesis. */
export interface KinesisData {
  kinesisSchemaVersion: '1.0'
  partitionKey: string
  sequenceNumber: string
  data: string
  approximateArrivalTimestamp: number
}

/** events/lex.md, in the guide services-lex. */
export interface LexEvent {
  messageVersion: '1.0'
  invocationSource: 'FulfillmentCodeHook' | 'DialogCodeHook'
  userId: string
  sessionAttributes: { [key: string]: string }
  bot: LexBot
  outputDialogMode: 'Text' | 'Voice'
  currentIntent: LexIntent
}

/** events/lex.md, in the guide services-lex. */
export interface LexBot {
  name: string
  alias: string
  version: string
}

/** events/lex.md, in the guide services-lex. */
export interface LexIntent {
  name: string
  slots: { [key: string]: string }
  confirmationStatus: 'None' | 'Confirmed' | 'Denied'
}

/** events/msk.md, in the guide with-msk. */
export interface MskEvent {
  eventSource: 'aws:kafka'
  eventSourceArn: string
  records: { [key: string]: KafkaRecord[] }
}

/** events/rabbitmq.md, in the guide with-mq. */
export interface RabbitmqEvent {
  eventSource: 'aws:rmq'
  eventSourceArn: string
  rmqMessagesByQueue: { [key: string]: RabbitmqMessage[] }
}

/** events/rabbitmq.md, in the guide with-mq. */
export interface RabbitmqMessage {
  basicProperties: RabbitmqProperties
  redelivered: boolean
  data: string
}

/** events/rabbitmq.md, in the guide with-mq. */
export interface RabbitmqProperties {
  contentType: 'text/plain' | 'application/json'
  contentEncoding: 'utf-8' | null
  headers: { [key: string]: unknown }
  deliveryMode: number
  priority?: number
  correlationId: string | null
  replyTo: string | null
  expiration: string | null
  messageId: string | null
  timestamp: string
  type: string | null
  userId: string | null
  appId: string | null
  clusterId: string | null
  bodySize: number
}

/** events/s3-batch.md, in the guide services-s3-batch. */
export interface S3BatchEvent {
  invocationSchemaVersion: '1.0'
  invocationId: string
  job: S3BatchJob
  tasks: S3BatchTask[]
}

/** events/s3-batch.md, in the guide services-s3-batch. */
export interface S3BatchJob {
  id: string
}

/** events/s3-batch.md, in the guide services-s3-batch. */
export interface S3BatchTask {
  taskId: string
  s3Key: string
  s3VersionId?: string
  s3BucketArn: string
}

/** events/s3.md, in the guide with-s3. */
export interface S3Event {
  Records: S3Record[]
}

/** events/s3.md, in the guide with-s3. */
export interface S3Record {
  eventVersion: '2.1' | '2.2'
  eventSource: 'aws:s3'
  awsRegion: 'us-east-1' | 'us-west-2' | 'eu-west-1' | 'ap-northeast-1'
  eventTime: string
  eventName:
    | 'ObjectCreated:Put'
    | 'ObjectCreated:Post'
    | 'ObjectCreated:Copy'
    | 'ObjectCreated:CompleteMultipartUpload'
    | 'ObjectRemoved:Delete'
    | 'ObjectRemoved:DeleteMarkerCreated'
  userIdentity: S3Identity
  requestParameters: S3RequestParameters
  responseElements: S3ResponseElements
  s3: S3Entity
}

/** events/s3.md, in the guide with-s3. */
export interface S3ResponseElements {
  'x-amz-request-id': string
  'x-amz-id-2': string
}

/** events/s3.md, in the guide with-s3. */
export interface S3Identity {
  principalId: string
}

/** events/s3.md, in the guide with-s3. */
export interface S3RequestParameters {
  sourceIPAddress: string
}

/** events/s3.md, in the guide with-s3. */
export interface S3Entity {
  s3SchemaVersion: '1.0'
  configurationId: string
  bucket: S3Bucket
  object: S3Object
}

/** events/s3.md, in the guide with-s3. */
export interface S3Bucket {
  name: string
  ownerIdentity: S3Identity
  arn: string
}

/** events/s3.md, in the guide with-s3. */
export interface S3Object {
  key: string
  size?: number
  eTag?: string
  versionId?: string
  sequencer: string
}

/** events/scheduled.md, in the guide services-cloudwatchevents. */
export interface ScheduledEvent {
  version: '0'
  account: string
  region: 'us-east-1' | 'us-west-2' | 'eu-west-1' | 'ap-northeast-1'
  detail: ScheduledDetail
  'detail-type': 'Scheduled Event'
  source: 'aws.events'
  time: string
  id: string
  resources: string[]
}

/** events/scheduled.md, in the guide services-cloudwatchevents. */
export interface ScheduledDetail {
  reserved?: string
}

/** events/secrets-manager.md, in the guide with-secrets-manager. */
export interface SecretsManagerEvent {
  Step: 'createSecret' | 'setSecret' | 'testSecret' | 'finishSecret'
  SecretId: string
  ClientRequestToken: string
}

/** events/ses.md, in the guide services-ses. */
export interface SesEvent {
  Records: SesRecord[]
}

/** events/ses.md, in the guide services-ses. */
export interface SesRecord {
  eventVersion: '1.0'
  ses: SesMessage
  eventSource: 'aws:ses'
}

/** events/ses.md, in the guide services-ses. */
export interface SesMessage {
  mail: SesMail
  receipt: SesReceipt
}

/** events/ses.md, in the guide services-ses. */
export interface SesMail {
  commonHeaders: SesCommonHeaders
  source: string
  timestamp: string
  destination: string[]
  headers: SesHeader[]
  headersTruncated: boolean
  messageId: string
}

/** events/ses.md, in the guide services-ses. */
export interface SesCommonHeaders {
  from: string[]
  to: string[]
  returnPath: string
  messageId: string
  date: string
  subject?: string
}

/** events/ses.md, in the guide services-ses. */
export interface SesHeader {
  name: string
  value: string
}

/** events/ses.md, in the guide services-ses. */
export interface SesReceipt {
  recipients: string[]
  timestamp: string
  processingTimeMillis: number
  action: SesAction
  spamVerdict: SesVerdict
  dkimVerdict: SesVerdict
  spfVerdict: SesVerdict
  virusVerdict: SesVerdict
}

/** events/ses.md, in the guide services-ses. */
export interface SesAction {
  type: 'Lambda'
  invocationType: 'Event' | 'RequestResponse'
  functionArn: string
}

/** events/ses.md, in the guide services-ses. */
export interface SesVerdict {
  status: 'PASS' | 'FAIL' | 'GRAY' | 'PROCESSING_FAILED'
}

/** events/sns.md, in the guide with-sns. */
export interface SnsEvent {
  Records: SnsRecord[]
}

/** events/sns.md, in the guide with-sns. */
export interface SnsRecord {
  EventVersion: '1.0'
  EventSubscriptionArn: string
  EventSource: 'aws:sns'
  Sns: SnsMessage
}

/** events/sns.md, in the guide with-sns. */
export interface SnsMessage {
  SignatureVersion: '1'
  Timestamp: string
  Signature: string
  SigningCertUrl: string
  MessageId: string
  Message: string
  MessageAttributes: { [key: string]: SnsAttribute }
  Type: 'Notification'
  UnsubscribeUrl: string
  TopicArn: string
  Subject?: string
}

/** events/sns.md, in the guide with-sns. */
export interface SnsAttribute {
  Type: 'String' | 'Binary'
  Value: string
}

/** events/sqs.md, in the guide with-sqs. */
export interface SqsEvent {
  Records: SqsRecord[]
}

/** events/sqs.md, in the guide with-sqs. */
export interface SqsRecord {
  messageId: string
  receiptHandle: string
  body: string
  attributes: SqsAttributes
  messageAttributes: { [key: string]: SqsMessageAttribute }
  md5OfBody: string
  eventSource: 'aws:sqs'
  eventSourceARN: string
  awsRegion: 'us-east-1'
}

/** events/sqs.md, in the guide with-sqs. */
export interface SqsAttributes {
  ApproximateReceiveCount: string
  SentTimestamp: string
  SenderId: string
  ApproximateFirstReceiveTimestamp: string
  SequenceNumber?: string
  MessageGroupId?: string
  MessageDeduplicationId?: string
}

/** events/sqs.md, in the guide with-sqs. */
export interface SqsMessageAttribute {
  stringValue?: string
  binaryValue?: string
  stringListValues: string[]
  binaryListValues: string[]
  dataType: 'String' | 'Number' | 'Binary'
}
