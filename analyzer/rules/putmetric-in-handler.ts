import { defineRule } from '../engine/rule.ts'
import { sdkCallsOf } from '../sdk/sdk-calls.ts'

/** A metric that is written by a call: the caller waits for it, and it is throttled and paid by the call. */
export const rule = defineRule({
  id: 'putmetric-in-handler',
  file(file, code) {
    for (const call of sdkCallsOf(file)) {
      if (call.client !== 'cloudwatch' || call.operation !== 'PutMetricData' || !code.inHandler(call.node)) continue
      code.report({
        at: call.node,
        message:
          'A call writes a metric during the invocation: it takes time, may be throttled, and fails when the ' +
          'role or the network says no',
        help: 'Print the metric in the embedded metric format, or use what Lambda measures itself',
      })
    }
  },
})
