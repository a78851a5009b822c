/** Small faults for cases that no drawn fault came by, all in one endpoint: each is in another answer. */
import type { Behaviour, Passing } from '../../suites/testing/faults/fault.ts'
import { refusal, withJson } from '../../suites/testing/faults/fault.ts'
import { answersChanged, requestsChanged, type Members } from '../../suites/testing/faults/requests.ts'

const isEvent = ({ headers }: Passing): boolean => headers['x-amz-invocation-type'] === 'Event'

/** What is told of something, otherwise than it is. */
const toldWrongly = (action: string, told: Members): Behaviour =>
  answersChanged([action], value => ({ ...value, ...told }))

/** What is planted, in words, and how the endpoint behaves then. */
export const PLANTED: readonly { readonly wrong: string; readonly behaviour: Behaviour }[] = [
  {
    wrong: 'an event is answered when it has been handled, with a log',
    async behaviour(request, forward) {
      const given = await forward()
      if (!isEvent(request)) return given
      if (request.body.includes('sleep')) await new Promise(resolve => setTimeout(resolve, 4000))
      return { ...given, headers: { ...given.headers, 'x-amz-log-result': 'bG9n' } }
    },
  },
  {
    wrong: 'nothing is published by its creation',
    behaviour: requestsChanged(['CreateFunction'], () => ({ Publish: undefined })),
  },
  { wrong: 'weights stay', behaviour: requestsChanged(['UpdateAlias'], () => ({ RoutingConfig: undefined })) },
  {
    wrong:
      'the unpublished version is called by a number, is in a network, has a reason for its state and the ARN of another',
    behaviour: answersChanged(['GetFunctionConfiguration'], value =>
      value['Version'] === '$LATEST'
        ? {
            ...value,
            Version: '0',
            FunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:another',
            StateReason: 'it is so',
            VpcConfig: { SubnetIds: ['subnet-1'], SecurityGroupIds: [], VpcId: '' },
          }
        : value,
    ),
  },
  { wrong: 'the first version of a layer has the number 2', behaviour: toldWrongly('GetLayerVersion', { Version: 2 }) },
  {
    wrong: 'a mapping is told as disabled, of another function, and with other attempts',
    behaviour: toldWrongly('GetEventSourceMapping', {
      State: 'Disabled',
      FunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:another',
      MaximumRetryAttempts: 77,
    }),
  },
  {
    wrong: 'when a runtime is updated is told wrongly',
    behaviour: toldWrongly('GetRuntimeManagementConfig', { UpdateRuntimeOn: 'Manual' }),
  },
  {
    wrong: 'an alias may have a description of 200 characters',
    behaviour: (request, forward) =>
      request.action === 'CreateAlias' && String(request.params['Description'] ?? '').length > 200
        ? Promise.resolve(refusal(400, 'ValidationException'))
        : forward(),
  },
  {
    wrong: 'functions that answer no JSON answer nothing, and reports say nothing',
    async behaviour(request, forward) {
      const given = await forward()
      if (request.action !== 'Invoke' || isEvent(request) || given.status >= 300) return given
      if (given.body.toString() === 'SUCCESS') return { ...given, body: Buffer.from('null') }
      return withJson(given, value => ('reports' in value ? { ...value, reports: {} } : value))
    },
  },
  {
    wrong: 'queues hold a message that nobody sent',
    async behaviour(request, forward) {
      const given = await forward()
      if (request.headers['x-amz-target'] !== 'AmazonSQS.ReceiveMessage') return given
      const stray = { MessageId: '1', ReceiptHandle: 'x', MD5OfBody: '', Body: 'overstays' }
      return withJson(given, value => ({ ...value, Messages: [...((value['Messages'] ?? []) as unknown[]), stray] }))
    },
  },
]
