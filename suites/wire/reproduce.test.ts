import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Exchange } from '../../reports/evidence.ts'
import { curlOf, quote } from './reproduce.ts'

function exchange(request: Partial<Exchange['request']>): Exchange {
  return {
    request: {
      method: 'PUT',
      url: 'http://127.0.0.1:1/x',
      headers: { authorization: 'REDACTED' },
      body: '',
      bodyBytes: 0,
      ...request,
    },
    startedAt: '',
    durationMs: 1,
  }
}

describe('quote', () => {
  test('a shell reads back what was quoted, whatever it is', { timeout: 120_000 }, () => {
    const text = fc.string({ unit: fc.constantFrom(...'ab \'"$`\\!*?;&|<>(){}[]~#\n\t\u001b\u007fé'), maxLength: 30 })
    fc.assert(
      fc.property(text, one => {
        expect(execFileSync('bash', ['-c', `printf %s ${quote(one)}`], { encoding: 'utf8' })).toBe(one)
      }),
      { numRuns: 60, seed: 1 },
    )
  })
})

describe('curlOf', () => {
  test('signs with the credentials of the environment, and repeats the request', () => {
    const command = curlOf(
      exchange({
        headers: {
          authorization: 'REDACTED',
          'x-amz-security-token': 'REDACTED',
          host: 'h',
          'content-type': 'application/json',
        },
        body: `{"a":"it's"}`,
        bodyBytes: 12,
      }),
      'eu-west-1',
    )
    expect(command).toBe(
      `curl -sS -i -X PUT --path-as-is --aws-sigv4 aws:amz:eu-west-1:lambda --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" -H "X-Amz-Security-Token: $AWS_SESSION_TOKEN" -H 'content-type: application/json' --data-raw '{"a":"it'\\''s"}' http://127.0.0.1:1/x`,
    )
  })
  test('signs for the service that was called', () => {
    expect(
      curlOf(
        exchange({ headers: { authorization: 'REDACTED', 'x-amz-target': 'AmazonSQS.SendMessage' } }),
        'eu-west-1',
      ),
    ).toContain('aws:amz:eu-west-1:sqs')
  })
  test('says nothing about a body that was not kept whole', () => {
    expect(curlOf(exchange({ body: 'abc', bodyBytes: 17_000 }), 'us-east-1')).toBeUndefined()
    expect(curlOf(exchange({ body: 'abc', bodyBytes: 4 }), 'us-east-1')).toBeUndefined()
  })
  test('bytes go through base64', () => {
    expect(curlOf(exchange({ headers: {}, body: '//4A', bodyEncoding: 'base64', bodyBytes: 3 }), 'us-east-1')).toBe(
      `base64 -d <<< //4A | curl -sS -i -X PUT --path-as-is --data-binary @- http://127.0.0.1:1/x`,
    )
  })
})
