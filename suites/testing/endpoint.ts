/** An endpoint as the tests of this folder need it. */
import { writeZip } from '../../base/write-zip.ts'
import type { Endpoint } from '../case.ts'

/** Everything is said to be there, so that no case is skipped. */
export function testEndpoint(url: string, overrides: Partial<Endpoint> = {}): Endpoint {
  return {
    name: 'test',
    run: 'lambdacheck-test1xyz',
    url,
    region: 'us-east-1',
    accountId: '000000000000',
    role: 'arn:aws:iam::000000000000:role/lambda',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMIEXAMPLEKEY' },
    capabilities: { create: true, invoke: true, node: true },
    actions: {},
    probe: {
      runtime: 'nodejs20.x',
      handler: 'index.handler',
      zipFile: writeZip([
        { name: 'index.js', content: Buffer.from('exports.handler = async (event) => event') },
      ]).toString('base64'),
      runs: false,
    },
    probes: {},
    limits: { concurrency: 8, rate: 0, requestTimeoutMs: 5000, maxResponseBytes: 8_000_000 },
    expectedFailures: [],
    ...overrides,
  }
}
