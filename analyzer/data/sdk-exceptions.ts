/**
 * Calls of the SDK whose IAM action is not the prefix of the service and the name of the operation. From the
 * authorization reference and the API pages of each service, which name the permissions that a call needs.
 */
type Exceptions = { readonly [client: string]: { readonly [operation: string]: readonly string[] } }

const s3Bucket = (operations: {
  readonly [operation: string]: string
}): { readonly [operation: string]: readonly string[] } =>
  Object.fromEntries(Object.entries(operations).map(([operation, action]) => [operation, [`s3:${action}`]]))

/**
 * Operations of the SDKs that need other actions than the one of their name. Source: each service's authorization
 * reference.
 */
export const sdkExceptions: Exceptions = {
  s3: {
    ...s3Bucket({
      HeadObject: 'GetObject',
      ListObjects: 'ListBucket',
      ListObjectsV2: 'ListBucket',
      ListObjectVersions: 'ListBucketVersions',
      HeadBucket: 'ListBucket',
      ListBuckets: 'ListAllMyBuckets',
      DeleteObjects: 'DeleteObject',
      CreateMultipartUpload: 'PutObject',
      UploadPart: 'PutObject',
      CompleteMultipartUpload: 'PutObject',
      ListParts: 'ListMultipartUploadParts',
      ListMultipartUploads: 'ListBucketMultipartUploads',
      SelectObjectContent: 'GetObject',
      GetBucketAccelerateConfiguration: 'GetAccelerateConfiguration',
      PutBucketAccelerateConfiguration: 'PutAccelerateConfiguration',
      GetBucketCors: 'GetBucketCORS',
      PutBucketCors: 'PutBucketCORS',
      DeleteBucketCors: 'PutBucketCORS',
      GetBucketEncryption: 'GetEncryptionConfiguration',
      PutBucketEncryption: 'PutEncryptionConfiguration',
      DeleteBucketEncryption: 'PutEncryptionConfiguration',
      GetBucketLifecycleConfiguration: 'GetLifecycleConfiguration',
      PutBucketLifecycleConfiguration: 'PutLifecycleConfiguration',
      DeleteBucketLifecycle: 'PutLifecycleConfiguration',
      GetBucketNotificationConfiguration: 'GetBucketNotification',
      PutBucketNotificationConfiguration: 'PutBucketNotification',
      GetBucketReplication: 'GetReplicationConfiguration',
      PutBucketReplication: 'PutReplicationConfiguration',
      DeleteBucketReplication: 'PutReplicationConfiguration',
      GetPublicAccessBlock: 'GetBucketPublicAccessBlock',
      PutPublicAccessBlock: 'PutBucketPublicAccessBlock',
      DeletePublicAccessBlock: 'PutBucketPublicAccessBlock',
      DeleteBucketTagging: 'PutBucketTagging',
      GetObjectLockConfiguration: 'GetBucketObjectLockConfiguration',
      PutObjectLockConfiguration: 'PutBucketObjectLockConfiguration',
      GetObjectAttributes: 'GetObjectAttributes',
      GetBucketInventoryConfiguration: 'GetInventoryConfiguration',
      PutBucketInventoryConfiguration: 'PutInventoryConfiguration',
      GetBucketAnalyticsConfiguration: 'GetAnalyticsConfiguration',
      PutBucketAnalyticsConfiguration: 'PutAnalyticsConfiguration',
      GetBucketMetricsConfiguration: 'GetMetricsConfiguration',
      PutBucketMetricsConfiguration: 'PutMetricsConfiguration',
      DeleteBucketAnalyticsConfiguration: 'PutAnalyticsConfiguration',
      DeleteBucketInventoryConfiguration: 'PutInventoryConfiguration',
      DeleteBucketMetricsConfiguration: 'PutMetricsConfiguration',
      DeleteBucketOwnershipControls: 'PutBucketOwnershipControls',
      DeleteBucketIntelligentTieringConfiguration: 'PutIntelligentTieringConfiguration',
      GetBucketIntelligentTieringConfiguration: 'GetIntelligentTieringConfiguration',
      PutBucketIntelligentTieringConfiguration: 'PutIntelligentTieringConfiguration',
      ListBucketIntelligentTieringConfigurations: 'GetIntelligentTieringConfiguration',
      ListBucketAnalyticsConfigurations: 'GetAnalyticsConfiguration',
      ListBucketInventoryConfigurations: 'GetInventoryConfiguration',
      ListBucketMetricsConfigurations: 'GetMetricsConfiguration',
      GetBucketLifecycle: 'GetLifecycleConfiguration',
      PutBucketLifecycle: 'PutLifecycleConfiguration',
    }),
    CopyObject: ['s3:GetObject', 's3:PutObject'],
    UploadPartCopy: ['s3:GetObject', 's3:PutObject'],
    CreateSession: ['s3express:CreateSession'],
    WriteGetObjectResponse: ['s3-object-lambda:WriteGetObjectResponse'],
    ListDirectoryBuckets: ['s3express:ListAllMyDirectoryBuckets'],
    RenameObject: ['s3express:CreateSession'],
    // lib-storage
    Upload: ['s3:PutObject', 's3:AbortMultipartUpload'],
  },
  lambda: {
    Invoke: ['lambda:InvokeFunction'],
    InvokeAsync: ['lambda:InvokeFunction'],
    InvokeWithResponseStream: ['lambda:InvokeFunction'],
    GetLayerVersionByArn: ['lambda:GetLayerVersion'],
  },
  dynamodb: {
    TransactGetItems: ['dynamodb:GetItem'],
    // Which of the four depends on the items; what is asked for must be read from the call.
    TransactWriteItems: [
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
      'dynamodb:ConditionCheckItem',
    ],
    ExecuteStatement: [
      'dynamodb:PartiQLSelect',
      'dynamodb:PartiQLInsert',
      'dynamodb:PartiQLUpdate',
      'dynamodb:PartiQLDelete',
    ],
    BatchExecuteStatement: [
      'dynamodb:PartiQLSelect',
      'dynamodb:PartiQLInsert',
      'dynamodb:PartiQLUpdate',
      'dynamodb:PartiQLDelete',
    ],
    ExecuteTransaction: [
      'dynamodb:PartiQLSelect',
      'dynamodb:PartiQLInsert',
      'dynamodb:PartiQLUpdate',
      'dynamodb:PartiQLDelete',
    ],
    DescribeEndpoints: [],
  },
  sqs: {
    SendMessageBatch: ['sqs:SendMessage'],
    DeleteMessageBatch: ['sqs:DeleteMessage'],
    ChangeMessageVisibilityBatch: ['sqs:ChangeMessageVisibility'],
  },
  sns: { PublishBatch: ['sns:Publish'] },
  sts: { GetCallerIdentity: [], GetSessionToken: [] },
  kms: { ReEncrypt: ['kms:ReEncryptFrom', 'kms:ReEncryptTo'] },
  'api-gateway': {},
  apigatewaymanagementapi: {
    PostToConnection: ['execute-api:ManageConnections'],
    GetConnection: ['execute-api:ManageConnections'],
    DeleteConnection: ['execute-api:ManageConnections'],
  },
  'bedrock-runtime': {
    Converse: ['bedrock:InvokeModel'],
    ConverseStream: ['bedrock:InvokeModelWithResponseStream'],
    InvokeModelWithBidirectionalStream: ['bedrock:InvokeModel'],
    StartAsyncInvoke: ['bedrock:InvokeModel'],
  },
  'bedrock-agent-runtime': { RetrieveAndGenerateStream: ['bedrock:RetrieveAndGenerate'] },
  'timestream-query': { Query: ['timestream:Select'] },
  'cognito-identity-provider': {
    // Calls of users, not of a role: they carry a token or are public.
    InitiateAuth: [],
    SignUp: [],
    ConfirmSignUp: [],
    ForgotPassword: [],
    ConfirmForgotPassword: [],
    ResendConfirmationCode: [],
    RespondToAuthChallenge: [],
    GetUser: [],
    ChangePassword: [],
    GlobalSignOut: [],
    RevokeToken: [],
    UpdateUserAttributes: [],
    DeleteUser: [],
    VerifyUserAttribute: [],
    AssociateSoftwareToken: [],
    VerifySoftwareToken: [],
    SetUserMFAPreference: [],
  },
  'cognito-identity': { GetId: [], GetCredentialsForIdentity: [], GetOpenIdToken: [], UnlinkIdentity: [] },
  'sso-oidc': { CreateToken: [], RegisterClient: [], StartDeviceAuthorization: [] },
}
