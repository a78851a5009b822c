import { describe, expect, test } from 'vitest'
import type { Exchange } from '../../reports/evidence.ts'
import { probeFlavour } from '../probes/flavours.ts'
import { staticFlavour } from '../probes/static.ts'
import { loadSpec } from '../../spec/compiler/compile.ts'
import { present } from '../../base/present.ts'
import { longPackage, PROBE_PACKAGE, withPackage } from '../wire/probe-package.ts'
import { serialise } from '../wire/serialise.ts'
import { withSmallPackage, withWholePackage } from './small-package.ts'

const uninvoked = probeFlavour('nodejs', 'nodejs22.x', true)
const probe = staticFlavour('provided.al2023', 'x86_64')

function exchangeOf(body: string): Exchange {
  return {
    request: {
      method: 'POST',
      url: 'http://x/2015-03-31/functions',
      headers: {},
      body,
      bodyBytes: Buffer.byteLength(body),
    },
    startedAt: '2026-11-30T00:00:00.000Z',
    durationMs: 1,
  }
}
const recordedOf = (sent: object): string => JSON.stringify(sent).replace(probe.zipFile, PROBE_PACKAGE)
const creation = (Handler: string): object => ({
  FunctionName: 'ä',
  Runtime: probe.runtime,
  Handler,
  Code: { ZipFile: probe.zipFile },
})

describe('the package of the probe without an interpreter', () => {
  test('is named in a request, and has its place in what is sent', () => {
    const action = present(loadSpec().actions['CreateFunction'], 'an action')
    const { body } = serialise(
      action,
      creation(probe.handler) as { readonly [member: string]: unknown },
      longPackage(probe),
    )
    expect(body).toBe(recordedOf(creation(probe.handler)))
    const sent = Buffer.from(withPackage(String(body), probe.zipFile)).toString()
    expect(JSON.parse(sent)).toEqual(creation(probe.handler))
    expect(longPackage(uninvoked)).toBeUndefined()
  })

  test('gives way to the probe for Node.js in what is to be pasted, whole', () => {
    const { request } = withWholePackage(exchangeOf(recordedOf(creation(probe.handler))), { probe, uninvoked })
    expect(JSON.parse(request.body)).toEqual({
      FunctionName: 'ä',
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Code: { ZipFile: uninvoked.zipFile },
    })
    expect(request.bodyBytes).toBe(Buffer.byteLength(request.body))
    const update = exchangeOf(recordedOf({ ZipFile: probe.zipFile, DryRun: true }))
    expect(JSON.parse(withWholePackage(update, { probe, uninvoked }).request.body)).toEqual({
      ZipFile: uninvoked.zipFile,
      DryRun: true,
    })
  })

  test('stays a name, of a request that was not kept whole, where nothing else can stand for it', () => {
    const runtime = exchangeOf(recordedOf(creation('bootstrap.main')))
    expect(withWholePackage(runtime, { probe, uninvoked })).toBe(runtime)
  })

  test('gives way to a function that gives back its event where a line is to be short', () => {
    const { request } = withSmallPackage(exchangeOf(recordedOf(creation(probe.handler))), { probe, uninvoked })
    expect(request.body.length).toBeLessThan(600)
    expect(request.bodyBytes).toBe(Buffer.byteLength(request.body))
  })

  test('what has no package stays as it is', () => {
    const other = exchangeOf('{"Description":"d"}')
    expect(withSmallPackage(other, { probe, uninvoked })).toBe(other)
  })
})
