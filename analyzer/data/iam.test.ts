import { readFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { condense } from '../../scripts/condense-iam-data.ts'
import { actionFacts, actionsMatching, actionsOfCall, clientOfV2, covers, isService, serviceOfClient } from './iam.ts'
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
    for (const client of [
      'dynamodb',
      's3',
      'sqs',
      'sns',
      'lambda',
      'sfn',
      'eventbridge',
      'kinesis',
      'firehose',
      'ssm',
      'secrets-manager',
      'kms',
      'cloudwatch',
      'cloudwatch-logs',
      'ses',
      'sesv2',
      'scheduler',
      'rds-data',
      'bedrock-runtime',
    ]) {
      expect(isService(file.clients[client] ?? ''), client).toBe(true)
    }
  })
})

/** Services that AWS has closed, of which the reference knows nothing any more: what they need stays unknown. */
const CLOSED = ['applicationcostprofiler', 'elastic-inference', 'iot-1click-projects', 'iotthingsgraph', 'macie']

describe('prefixes of the clients', () => {
  it.each(Object.entries(file.clients))('%s asks for actions of %s, which the reference knows', (client, prefix) => {
    expect(isService(prefix)).toBe(!CLOSED.includes(client))
  })

  it('knows clients of every package that is published', () => {
    for (const client of [
      'cloudwatch-events',
      'elastic-transcoder',
      'qldb-session',
      'transcribe-streaming',
      'iot-events',
      'lookoutvision',
      'cloudcontrol',
      'partnercentral-selling',
      's3-control',
      'dynamodb-streams',
    ])
      expect(serviceOfClient(client), client).toBeDefined()
  })

  // Where a prefix is wrong, next to none of the operations has an action of its name.
  const python = fileURLToPath(new URL('../../.venv/bin/python', import.meta.url))
  const script = `
import botocore, gzip, json, os
data = os.path.join(os.path.dirname(botocore.__file__), 'data')
found = {}
for name in sorted(os.listdir(data)):
    folder = os.path.join(data, name)
    path = os.path.isdir(folder) and os.path.join(folder, sorted(os.listdir(folder))[-1], 'service-2.json.gz')
    if path and os.path.exists(path):
        model = json.load(gzip.open(path))
        found[model['metadata']['serviceId'].lower().replace(' ', '-')] = list(model['operations'])
print(json.dumps(found))`
  const answer = spawnSync(python, ['-c', script], { encoding: 'utf8', maxBuffer: 1 << 26 })
  const missing = answer.status !== 0
  it.skipIf(missing)(
    `is right for nearly all operations of nearly all services${missing ? ' (SKIPPED: no botocore in .venv)' : ''}`,
    () => {
      const operations = JSON.parse(answer.stdout) as { [client: string]: string[] }
      const doubtful = Object.entries(operations).flatMap(([client, names]) => {
        const known = names.filter(name => actionsOfCall(client, name) !== undefined).length
        return known / names.length < 0.55 ? [client] : []
      })
      // Their actions are verbs of HTTP, kinds of queries, old names, or none at all: what such a call needs stays unknown.
      const otherNames = [
        'api-gateway',
        'apigatewayv2',
        'budgets',
        'cloudhsm',
        'codecatalyst',
        'connectparticipant',
        'finspace-data',
        'geo-maps',
        'iam-toolbox',
        'keyspaces',
        'neptunedata',
        'sso',
      ]
      expect(doubtful.sort()).toEqual([...CLOSED.filter(client => operations[client]), ...otherNames].sort())
    },
  )
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
      for (const action of Object.values(operations).flat())
        expect(actionFacts(action), `${client}: ${action}`).toBeDefined()
    }
  })
})
