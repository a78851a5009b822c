import { afterAll } from 'vitest'
import { startReference } from '../../reference/server.ts'
import type { Reference } from '../../reference/server.ts'
import { describeAwsSdk } from './aws-sdk-suite.ts'

let reference: Reference | undefined

describeAwsSdk(async () => {
  reference = await startReference()
  return {
    url: reference.url,
    region: 'eu-west-1',
    role: 'arn:aws:iam::000000000000:role/lambdacheck',
    runtime: 'nodejs20.x',
  }
})

afterAll(() => reference?.close())
