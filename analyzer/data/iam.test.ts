import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { condense } from '../../scripts/condense-iam-data.ts'
import { actionFacts, actionsMatching, actionsOfCall, clientOfV2, covers, isService } from './iam.ts'
import type { IamFile } from './iam.ts'
import { sdkExceptions } from './sdk-exceptions.ts'

const file = JSON.parse(readFileSync(new URL('iam.json', import.meta.url), 'utf8')) as IamFile

describe('iam.json', () => {
  it('is what the script makes of the reference that is installed', () => {
    expect(condense(file.clients)).toEqual(file)
  })

  it('is small enough to ship', () => {
    expect(JSON.stringify(file).length).toBeLessThan(1_500_000)
  })

  it('names no service that the reference does not have for clients that functions use', () => {
    for (const client of ['dynamodb', 's3', 'sqs', 'sns', 'lambda', 'sfn', 'eventbridge', 'kinesis', 'firehose', 'ssm', 'secrets-manager', 'kms', 'cloudwatch', 'cloudwatch-logs', 'ses', 'sesv2', 'scheduler', 'rds-data', 'bedrock-runtime']) {
      expect(isService(file.clients[client] ?? ''), client).toBe(true)
    }
  })
})

describe('facts of actions', () => {
  it('tells level and scope in any spelling', () => {
    expect(actionFacts('S3:getobject')).toMatchObject({ name: 's3:GetObject', levels: ['Read'] })
    expect(actionFacts('s3:GetObject')!.resources).toContain('arn:${Partition}:s3:::${BucketName}/${ObjectName}')
    expect(actionFacts('s3:ListAllMyBuckets')).toMatchObject({ levels: ['List'], resources: [] })
    expect(actionFacts('xray:PutTraceSegments')!.resources).toEqual([])
    expect(actionFacts('s3:NoSuchThing')).toBeUndefined()
    expect(actionFacts('nonsense:Get')).toBeUndefined()
    expect(actionFacts('constructor:Get')).toBeUndefined()
    expect(actionsMatching('__proto__:*')).toEqual([])
  })

  it('spells patterns out', () => {
    expect(actionsMatching('sqs:*')).toContain('sqs:SendMessage')
    expect(actionsMatching('dynamodb:?etItem')).toEqual(['dynamodb:GetItem'])
    expect(actionsMatching('dynamodb:?utItem')).toEqual(['dynamodb:PutItem'])
    expect(actionsMatching('*')).toEqual([])
  })

  it('covers as IAM does', () => {
    expect(covers('*', 's3:GetObject')).toBe(true)
    expect(covers('s3:get*', 's3:GetObject')).toBe(true)
    expect(covers('s3:GetObject', 's3:GetObjectVersion')).toBe(false)
    expect(covers('s3:Get.bject', 's3:GetObject')).toBe(false)
    expect(covers(`s3:${'*y'.repeat(200)}x`, `s3:${'y'.repeat(5000)}`)).toBe(false)
    expect(covers('s3:*Object*', 's3:GetObjectVersion')).toBe(true)
    expect(covers('s3:*Object', 's3:GetObjectVersion')).toBe(false)
  })
})

describe('calls of the SDK', () => {
  it('knows what they need', () => {
    expect(actionsOfCall('dynamodb', 'PutItem')).toEqual(['dynamodb:PutItem'])
    expect(actionsOfCall('sfn', 'StartExecution')).toEqual(['states:StartExecution'])
    expect(actionsOfCall('cloudwatch', 'PutMetricData')).toEqual(['cloudwatch:PutMetricData'])
    expect(actionsOfCall('s3', 'HeadObject')).toEqual(['s3:GetObject'])
    expect(actionsOfCall('lambda', 'Invoke')).toEqual(['lambda:InvokeFunction'])
    expect(actionsOfCall('sts', 'GetCallerIdentity')).toEqual([])
    expect(actionsOfCall('dynamodb', 'NoSuchCall')).toBeUndefined()
    expect(actionsOfCall('no-such-client', 'Get')).toBeUndefined()
  })

  it('finds the clients of the SDK v2', () => {
    expect(clientOfV2('DynamoDB')).toBe('dynamodb')
    expect(clientOfV2('SecretsManager')).toBe('secrets-manager')
    expect(clientOfV2('StepFunctions')).toBe('sfn')
    expect(clientOfV2('EventBridge')).toBe('eventbridge')
    expect(clientOfV2('RDSDataService')).toBe('rds-data')
    expect(clientOfV2('ELBv2')).toBe('elastic-load-balancing-v2')
    expect(clientOfV2('Nonsense')).toBeUndefined()
    expect(clientOfV2('constructor')).toBeUndefined()
  })

  it('has exceptions only for actions and clients that exist', () => {
    for (const [client, operations] of Object.entries(sdkExceptions)) {
      expect(file.clients[client], client).toBeDefined()
      for (const action of Object.values(operations).flat()) expect(actionFacts(action), `${client}: ${action}`).toBeDefined()
    }
  })
})
