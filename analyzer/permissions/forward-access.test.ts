import { describe, expect, it } from 'vitest'
import { isService } from '../data/iam.ts'
import { forwardedByAction, forwardedByService } from './forward-access.ts'

describe('forward access', () => {
  it.each([
    ['rekognition:DetectText', 's3'],
    ['textract:StartDocumentAnalysis', 'sns'],
    ['transcribe:StartTranscriptionJob', 's3'],
    ['comprehend:StartSentimentDetectionJob', 's3'],
    ['polly:StartSpeechSynthesisTask', 'sns'],
    ['rds-data:ExecuteStatement', 'secretsmanager'],
    ['redshift-data:ExecuteStatement', 'redshift'],
    ['athena:StartQueryExecution', 'glue'],
    ['athena:GetQueryResults', 's3'],
    ['bedrock:InvokeModel', 's3'],
    ['s3-object-lambda:WriteGetObjectResponse', 's3'],
    ['dynamodb:ExportTableToPointInTime', 's3'],
    ['lambda:UpdateFunctionCode', 's3'],
    ['cloudformation:CreateStack', '*'],
  ])('a call of %s may use %s', (action, service) => {
    expect([...forwardedByAction(action)]).toContain(service)
  })

  it.each(['dynamodb:GetItem', 's3:GetObject', 'sqs:SendMessage', 'lambda:InvokeFunction', 'states:StartExecution'])(
    'a call of %s uses nothing else',
    action => {
      expect([...forwardedByAction(action)]).toEqual([])
    },
  )

  it('knows what any call of a service may use', () => {
    expect([...forwardedByService('textract')]).toEqual(expect.arrayContaining(['s3', 'sns']))
    expect([...forwardedByService('constructor')]).toEqual([])
  })

  it('names services of IAM only', () => {
    for (const service of [
      'athena',
      'bedrock',
      'glue',
      'sagemaker',
      'quicksight',
      'rds-data',
      'ssm',
      'emr-serverless',
      'appflow',
    ])
      for (const used of forwardedByService(service)) expect(isService(used), used).toBe(true)
  })
})
