import { describe, expect, test } from 'vitest'
import type { Exchange } from '../../reports/evidence.ts'
import { FLAVOURS, buildProbeZip } from '../probes/flavours.ts'
import { runtimeZip } from '../probes/static.ts'
import { PROBE_PACKAGE, withoutProbePackage } from '../wire/probe-package.ts'
import { withSmallPackage, withWholePackage } from './small-package.ts'

const uninvoked = {
  runtime: 'nodejs22.x',
  handler: FLAVOURS.nodejs.handler,
  zipFile: Buffer.from(buildProbeZip('nodejs')).toString('base64'),
  runs: true,
}
const probe = { runtime: 'provided.al2023', handler: 'bootstrap', zipFile: runtimeZip('x86_64'), runs: true }

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
const creation = (handler: string): string =>
  JSON.stringify({ FunctionName: 'ä', Runtime: probe.runtime, Handler: handler, Code: { ZipFile: probe.zipFile } })

describe('the package of the probe without an interpreter', () => {
  test('is named in what is recorded, and everything else stays', () => {
    expect(withoutProbePackage(creation('bootstrap'), probe)).toBe(
      creation('bootstrap').replace(probe.zipFile, PROBE_PACKAGE),
    )
    const update = JSON.stringify({ ZipFile: probe.zipFile, DryRun: true })
    expect(withoutProbePackage(update, probe)).toBe(JSON.stringify({ ZipFile: PROBE_PACKAGE, DryRun: true }))
  })

  test('stays in a function that nothing else can stand for, and so do short packages and other bodies', () => {
    expect(withoutProbePackage(creation('bootstrap.main'), probe)).toBe(creation('bootstrap.main'))
    const small = JSON.stringify({ ZipFile: uninvoked.zipFile })
    for (const body of [small, '', null, new Uint8Array(3)]) expect(withoutProbePackage(body, probe)).toBe(body)
    expect(withoutProbePackage(small, uninvoked)).toBe(small)
  })

  test('gives way to the probe for Node.js in what is to be pasted, whole', () => {
    const recorded = String(withoutProbePackage(creation('bootstrap'), probe))
    const { request } = withWholePackage(exchangeOf(recorded), { probe, uninvoked })
    expect(JSON.parse(request.body)).toEqual({
      FunctionName: 'ä',
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Code: { ZipFile: uninvoked.zipFile },
    })
    expect(request.bodyBytes).toBe(Buffer.byteLength(request.body))
    const update = withWholePackage(exchangeOf(JSON.stringify({ ZipFile: PROBE_PACKAGE, DryRun: true })), {
      probe,
      uninvoked,
    })
    expect(JSON.parse(update.request.body)).toEqual({ ZipFile: uninvoked.zipFile, DryRun: true })
  })

  test('gives way to a function that gives back its event where a line is to be short', () => {
    const recorded = String(withoutProbePackage(creation('bootstrap'), probe))
    const { request } = withSmallPackage(exchangeOf(recorded), { probe, uninvoked })
    expect(request.body.length).toBeLessThan(600)
    expect(request.bodyBytes).toBe(Buffer.byteLength(request.body))
  })

  test('what has no package stays as it is', () => {
    const other = exchangeOf('{"Description":"d"}')
    expect(withSmallPackage(other, { probe, uninvoked })).toBe(other)
  })
})
