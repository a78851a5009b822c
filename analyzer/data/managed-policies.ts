/**
 * AWS's own managed policies that functions usually have: the actions that they allow, all of them on every resource.
 * From the managed policy reference of AWS.
 */
const LOGS = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents']
const INTERFACES = ['ec2:CreateNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets', 'ec2:DeleteNetworkInterface', 'ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses']
const XRAY = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:GetSamplingRules', 'xray:GetSamplingTargets', 'xray:GetSamplingStatisticSummaries']

export const managedPolicies: { readonly [name: string]: readonly string[] } = {
  AWSLambdaBasicExecutionRole: LOGS,
  AWSLambdaVPCAccessExecutionRole: [...LOGS, ...INTERFACES],
  AWSLambdaENIManagementAccess: INTERFACES,
  AWSLambdaSQSQueueExecutionRole: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', ...LOGS],
  AWSLambdaKinesisExecutionRole: [
    'kinesis:DescribeStream', 'kinesis:DescribeStreamSummary', 'kinesis:GetRecords', 'kinesis:GetShardIterator', 'kinesis:ListShards', 'kinesis:ListStreams', 'kinesis:SubscribeToShard', ...LOGS,
  ],
  AWSLambdaDynamoDBExecutionRole: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams', ...LOGS],
  AWSLambdaMSKExecutionRole: [
    'kafka:DescribeCluster', 'kafka:DescribeClusterV2', 'kafka:GetBootstrapBrokers', 'ec2:CreateNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeVpcs', 'ec2:DeleteNetworkInterface',
    'ec2:DescribeSubnets', 'ec2:DescribeSecurityGroups', ...LOGS,
  ],
  AWSLambdaRole: ['lambda:InvokeFunction'],
  AWSXRayDaemonWriteAccess: XRAY,
  AWSXrayWriteOnlyAccess: XRAY,
  CloudWatchLambdaInsightsExecutionRolePolicy: LOGS,
  CloudWatchLambdaApplicationSignalsExecutionRolePolicy: [...XRAY, ...LOGS],
  AmazonS3ReadOnlyAccess: ['s3:Get*', 's3:List*', 's3:Describe*', 's3-object-lambda:Get*', 's3-object-lambda:List*'],
  AmazonS3FullAccess: ['s3:*', 's3-object-lambda:*'],
  AmazonDynamoDBFullAccess: ['dynamodb:*', 'dax:*', 'cloudwatch:DescribeAlarms', 'cloudwatch:GetMetricStatistics', 'kms:DescribeKey', 'kms:ListAliases', 'lambda:*EventSourceMapping*', 'lambda:ListFunctions', 'kinesis:ListStreams'],
  AmazonDynamoDBReadOnlyAccess: ['dynamodb:BatchGetItem', 'dynamodb:Describe*', 'dynamodb:Get*', 'dynamodb:List*', 'dynamodb:PartiQLSelect', 'dynamodb:Query', 'dynamodb:Scan'],
  AmazonSQSFullAccess: ['sqs:*'],
  AmazonSQSReadOnlyAccess: ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:ListDeadLetterSourceQueues', 'sqs:ListQueues', 'sqs:ListMessageMoveTasks', 'sqs:ListQueueTags'],
  AmazonSNSFullAccess: ['sns:*'],
  AmazonKinesisFullAccess: ['kinesis:*'],
  AmazonSSMReadOnlyAccess: ['ssm:Describe*', 'ssm:Get*', 'ssm:List*'],
  AmazonEventBridgeFullAccess: ['events:*', 'schemas:*', 'scheduler:*', 'pipes:*'],
  AWSStepFunctionsFullAccess: ['states:*'],
  AWSLambda_FullAccess: ['lambda:*', 'logs:*LogGroups', 'logs:DescribeLogStreams', 'logs:GetLogEvents', 'logs:FilterLogEvents', 'iam:PassRole', 'iam:GetRole'],
  SecretsManagerReadWrite: ['secretsmanager:*', 'kms:DescribeKey', 'kms:ListAliases', 'kms:ListKeys'],
  CloudWatchLogsFullAccess: ['logs:*'],
  CloudWatchFullAccess: ['cloudwatch:*', 'logs:*', 'sns:*', 'autoscaling:Describe*'],
  PowerUserAccess: ['*'],
  AdministratorAccess: ['*'],
}
