import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findTarget, type TargetOptions } from './target.ts'
import { UsageError } from '../../base/usage-error.ts'

let cwd: string
beforeEach(() => {
  cwd = mkdtempSync(path.join(tmpdir(), 'lambdacheck-target-'))
})
afterEach(() => rmSync(cwd, { recursive: true, force: true }))

const NO_AWS = { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' }
const embedded = { url: 'http://127.0.0.1:1' }
const find = (options: Partial<TargetOptions> = {}) =>
  findTarget({ cwd, allowAws: false, embedded, ...options, env: { ...NO_AWS, ...options.env } })

describe('the choice', () => {
  test('falls on the embedded endpoint when nothing is said', async () => {
    expect(await find()).toMatchObject({ name: 'embedded', region: 'us-east-1', credentials: { accessKeyId: 'test' } })
    await expect(find({ embedded: undefined })).rejects.toThrow(UsageError)
  })

  test('goes from the command line over the environment to the configuration', async () => {
    writeFileSync(
      path.join(cwd, 'lambdacheck.config.yaml'),
      'endpoints:\n  mine: {url: http://127.0.0.1:3, region: ap-south-1}\n',
    )
    const env = { AWS_ENDPOINT_URL: 'http://127.0.0.1:2' }
    expect((await find()).config.url).toBe('http://127.0.0.1:3')
    expect((await find({ env })).config.url).toBe('http://127.0.0.1:2')
    expect((await find({ env: { ...env, AWS_ENDPOINT_URL_LAMBDA: 'http://127.0.0.1:4' } })).config.url).toBe(
      'http://127.0.0.1:4',
    )
    expect((await find({ env: { ...env, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' } })).config.url).toBe(
      'http://127.0.0.1:3',
    )
    expect((await find({ env, endpoint: 'http://127.0.0.1:5/base/' })).config.url).toBe('http://127.0.0.1:5/base')
    expect(await find({ env, endpoint: 'mine' })).toMatchObject({ name: 'mine', region: 'ap-south-1', folder: cwd })
    expect((await find({ env, endpoint: 'embedded' })).name).toBe('embedded')
  })

  test('takes a host and a port for a url, a path for a file', async () => {
    expect(await find({ endpoint: 'localhost:4566' })).toMatchObject({
      name: 'localhost:4566',
      config: { url: 'http://localhost:4566' },
    })
    writeFileSync(path.join(cwd, 'one.yaml'), 'url: http://127.0.0.1:6\nlimits: {rate: 3}\n')
    expect(await find({ endpoint: 'one.yaml', concurrency: 2 })).toMatchObject({
      name: 'one',
      limits: { rate: 3, concurrency: 2, requestTimeoutMs: 20_000 },
    })
  })

  test('wants no name and password in a url', async () => {
    await expect(find({ endpoint: 'http://user:secret@127.0.0.1:1' })).rejects.toThrow(
      /must not hold a name and password/,
    )
    await expect(find({ endpoint: 'http://user:secret@127.0.0.1:1' })).rejects.not.toThrow(/secret/)
  })
})

describe('the AWS configuration', () => {
  test('gives region and endpoint of a profile', async () => {
    writeFileSync(
      path.join(cwd, 'config'),
      '[profile a]\nregion = eu-west-3\nservices = s\n[services s]\nlambda =\n  endpoint_url = http://127.0.0.1:7\n',
    )
    expect(await find({ env: { AWS_PROFILE: 'a', AWS_CONFIG_FILE: path.join(cwd, 'config') } })).toMatchObject({
      region: 'eu-west-3',
      config: { url: 'http://127.0.0.1:7' },
    })
    expect(
      (await find({ env: { AWS_PROFILE: 'a', AWS_CONFIG_FILE: path.join(cwd, 'config'), AWS_REGION: 'eu-west-1' } }))
        .region,
    ).toBe('eu-west-1')
  })

  test('gives credentials; those of the environment come before dummies', async () => {
    const env = { AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'SECRET', AWS_SESSION_TOKEN: 'TOKEN' }
    expect((await find({ env, endpoint: 'http://127.0.0.1:1' })).credentials).toEqual({
      accessKeyId: 'AKID',
      secretAccessKey: 'SECRET',
      sessionToken: 'TOKEN',
    })
  })
})

describe('AWS itself', () => {
  test.each([
    'https://lambda.eu-central-1.amazonaws.com',
    'https://vpce-1.lambda.us-east-1.vpce.amazonaws.com',
    'https://lambda.cn-north-1.amazonaws.com.cn',
    'https://lambda.us-east-1.api.aws',
    'https://LAMBDA.us-east-1.AMAZONAWS.com.',
  ])('%s needs leave', async endpoint => {
    const env = { AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'SECRET' }
    await expect(find({ endpoint, env })).rejects.toThrow(/--allow-aws/)
    expect((await find({ endpoint, env, allowAws: true })).config.url).toMatch(/^https:/)
  })

  test.each(['http://amazonaws.com.example.org', 'http://notamazonaws.com', 'http://localhost.localstack.cloud:4566'])(
    '%s is somebody else',
    async endpoint => {
      const env = { AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'SECRET' }
      expect((await find({ endpoint, env })).config.url).toBe(endpoint)
    },
  )
})
