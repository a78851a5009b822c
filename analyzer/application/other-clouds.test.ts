import { expect, test } from 'vitest'
import { isOfAnotherCloud } from './other-clouds.ts'

test.each([
  "ROSTemplateFormatVersion: '2015-09-01'\nTransform: 'Aliyun::Serverless-2018-04-03'\n",
  'service: a\nprovider: google\n',
  'service: a\nprovider:\n  # where\n  runtime: nodejs\n  name: azure\nfunctions: {}\n',
  "provider:\r\n  name: 'tencent'\r\n",
])('%j is of another cloud', text => expect(isOfAnotherCloud(text)).toBe(true))

test.each([
  'Transform: AWS::Serverless-2016-10-31\n',
  'service: a\nprovider: aws\n',
  'service: a\nprovider:\n  name: aws\n  runtime: nodejs22.x\n',
  'service: a\nprovider: ${file(provider.yml)}\n',
  'service: a\nprovider:\n  runtime: nodejs22.x\nfunctions:\n  f:\n    name: google\n',
  '',
])('%j is not, as far as it can be told', text => expect(isOfAnotherCloud(text)).toBe(false))
