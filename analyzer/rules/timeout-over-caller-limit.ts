import type { EventKind } from '../application/model.ts'
import { defineRule } from '../engine/rule.ts'

/** Who ends a call when, by the kind of event; the figures stand on `spec/quotas.md`. */
const LIMITS: { readonly [kind in EventKind]?: readonly [who: string, quota: string] } = {
  'rest-api': ['API Gateway', 'caller-timeout-rest-api'],
  'websocket-api': ['API Gateway', 'caller-timeout-rest-api'],
  'http-api': ['the HTTP API', 'caller-timeout-http-api'],
  appsync: ['AppSync', 'caller-timeout-appsync'],
  cognito: ['Cognito', 'caller-timeout-cognito'],
}

/** A timeout that is longer than the caller waits: the caller is told of an error while the function goes on. */
export const rule = defineRule({
  id: 'timeout-over-caller-limit',
  fn(fn, { quota, report }) {
    for (const event of fn.events) {
      const [who, id] = LIMITS[event.kind] ?? []
      if (who === undefined || id === undefined) continue
      const limit = quota(id)
      for (const timeout of fn.timeout.possible()) {
        const seconds = timeout.isKnown && !timeout.isDefault ? timeout.number() : undefined
        // A REST API may be given more time where it says so.
        if (seconds === undefined || seconds <= limit || !event.property('TimeoutInMillis').isAbsent) continue
        report({
          at: timeout,
          // 30 beside the 29 of API Gateway: for a second nobody waits for nothing.
          isMinor: seconds - limit <= 1,
          message: `Timeout of ${fn.id} is ${seconds} s, and ${who} ends the call after ${limit} s`,
          help:
            'The caller gets an error while the function goes on and is paid for. Answer at once and do the work ' +
            'asynchronously, or take a timeout below the limit',
          related: [{ at: event, message: `${who} calls ${fn.id} here` }],
        })
        break
      }
    }
  },
})
