import {
  AddLayerVersionPermissionCommand,
  AddPermissionCommand,
  CreateAliasCommand,
  CreateCodeSigningConfigCommand,
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  DeleteAliasCommand,
  DeleteCodeSigningConfigCommand,
  DeleteEventSourceMappingCommand,
  DeleteFunctionCodeSigningConfigCommand,
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  DeleteFunctionEventInvokeConfigCommand,
  DeleteLayerVersionCommand,
  DeleteProvisionedConcurrencyConfigCommand,
  GetAccountSettingsCommand,
  GetAliasCommand,
  GetCodeSigningConfigCommand,
  GetEventSourceMappingCommand,
  GetFunctionCodeSigningConfigCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  GetLayerVersionByArnCommand,
  GetLayerVersionCommand,
  GetLayerVersionPolicyCommand,
  GetPolicyCommand,
  GetProvisionedConcurrencyConfigCommand,
  InvokeAsyncCommand,
  InvokeCommand,
  LambdaClient,
  ListCodeSigningConfigsCommand,
  ListEventSourceMappingsCommand,
  ListFunctionsByCodeSigningConfigCommand,
  ListTagsCommand,
  PublishLayerVersionCommand,
  PublishVersionCommand,
  PutFunctionCodeSigningConfigCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  PutProvisionedConcurrencyConfigCommand,
  RemoveLayerVersionPermissionCommand,
  RemovePermissionCommand,
  ResourceConflictException,
  ResourceNotFoundException,
  PreconditionFailedException,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAliasCommand,
  UpdateCodeSigningConfigCommand,
  UpdateEventSourceMappingCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  UpdateFunctionEventInvokeConfigCommand,
  paginateListAliases,
  paginateListFunctionEventInvokeConfigs,
  paginateListFunctions,
  paginateListLayerVersions,
  paginateListLayers,
  paginateListProvisionedConcurrencyConfigs,
  paginateListVersionsByFunction,
  waitUntilFunctionActiveV2,
  waitUntilFunctionExists,
  waitUntilFunctionUpdatedV2,
  waitUntilPublishedVersionActive,
} from '@aws-sdk/client-lambda'
import { strToU8, zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

/** Where the suite finds the endpoint that it drives. */
export interface SdkEndpoint {
  readonly url: string
  readonly region: string
  /** Execution role for the functions that the suite makes. */
  readonly role: string
  /** Runtime identifier of a Node.js that the endpoint really runs. */
  readonly runtime: string
}

const echo = zipSync({
  'index.js': strToU8(`
    exports.handler = async (event, context) => {
      console.log('marker', event.marker)
      if (event.fail) throw new RangeError(event.fail)
      return { event, version: context.functionVersion, greeting: process.env.GREETING, client: context.clientContext }
    }`),
})
const other = zipSync({ 'index.js': strToU8('exports.handler = async () => "other"') })

/**
 * Drives an endpoint with the real SDK for JavaScript, as users do: its serialisation, its error classes, paginators and waiters.
 * Everything that is made is deleted again. `endpoint` is asked when the tests begin.
 */
export function describeAwsSdk(endpoint: () => SdkEndpoint | Promise<SdkEndpoint>): void {
  describe('driven by the AWS SDK', () => {
    const suffix = Math.random().toString(36).slice(2, 8)
    const name = `lc-sdk-${suffix}`
    let client: LambdaClient
    let target: SdkEndpoint
    let arn: string

    beforeAll(async () => {
      target = await endpoint()
      client = new LambdaClient({
        endpoint: target.url,
        region: target.region,
        credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
      })
      const made = await client.send(
        new CreateFunctionCommand({
          FunctionName: name,
          Role: target.role,
          Runtime: target.runtime as 'nodejs20.x',
          Handler: 'index.handler',
          Code: { ZipFile: echo },
          Environment: { Variables: { GREETING: 'hello' } },
          Tags: { team: 'blue' },
        }),
      )
      arn = made.FunctionArn as string
      await waitUntilFunctionActiveV2({ client, maxWaitTime: 60, minDelay: 0.05, maxDelay: 1 } as never, {
        FunctionName: name,
      })
    })

    afterAll(async () => {
      await client?.send(new DeleteFunctionCommand({ FunctionName: name })).catch(() => {})
      client?.destroy()
    })

    /** Waits for the last update to be over. */
    async function updated(): Promise<void> {
      await waitUntilFunctionUpdatedV2({ client, maxWaitTime: 60, minDelay: 0.05, maxDelay: 1 } as never, {
        FunctionName: name,
      })
    }

    /** A version of its own takes a change of the function. */
    async function publish(description: string): Promise<string> {
      await client.send(new UpdateFunctionConfigurationCommand({ FunctionName: name, Description: description }))
      await updated()
      const { Version } = await client.send(new PublishVersionCommand({ FunctionName: name, Description: description }))
      return Version as string
    }

    test('a function is read, listed, and its code can be fetched', async () => {
      const read = await client.send(new GetFunctionCommand({ FunctionName: name }))
      expect(read.Configuration).toMatchObject({
        FunctionName: name,
        FunctionArn: arn,
        State: 'Active',
        Version: '$LATEST',
        CodeSize: echo.length,
      })
      expect(read.Tags).toEqual({ team: 'blue' })
      const code = new Uint8Array(await (await fetch(read.Code?.Location as string)).arrayBuffer())
      expect(code).toEqual(echo)
      const configuration = await client.send(new GetFunctionConfigurationCommand({ FunctionName: arn }))
      expect(configuration.CodeSha256).toBe(read.Configuration?.CodeSha256)
      const names: unknown[] = []
      for await (const page of paginateListFunctions({ client, pageSize: 1 }, {}))
        names.push(...(page.Functions ?? []).map(fn => fn.FunctionName))
      expect(names.filter(listed => listed === name)).toEqual([name])
      await waitUntilFunctionExists({ client, maxWaitTime: 10 }, { FunctionName: name })
    })

    test("errors arrive as the SDK's own classes", async () => {
      await expect(client.send(new GetFunctionCommand({ FunctionName: `${name}-none` }))).rejects.toBeInstanceOf(
        ResourceNotFoundException,
      )
      const twice = client.send(
        new CreateFunctionCommand({
          FunctionName: name,
          Role: target.role,
          Runtime: target.runtime as 'nodejs20.x',
          Handler: 'index.handler',
          Code: { ZipFile: echo },
        }),
      )
      await expect(twice).rejects.toBeInstanceOf(ResourceConflictException)
      await expect(
        client.send(new UpdateFunctionConfigurationCommand({ FunctionName: name, RevisionId: 'stale' })),
      ).rejects.toBeInstanceOf(PreconditionFailedException)
      const illegal = await client
        .send(new UpdateFunctionConfigurationCommand({ FunctionName: name, MemorySize: 1 }))
        .catch((error: unknown) => error)
      expect(illegal).toMatchObject({ $metadata: { httpStatusCode: 400 } })
    })

    test('a function runs: result, error, log, client context, dry run, event', async () => {
      const ran = await client.send(
        new InvokeCommand({
          FunctionName: name,
          LogType: 'Tail',
          Payload: JSON.stringify({ marker: 'm-1', text: 'grüße 🙂' }),
          ClientContext: Buffer.from(JSON.stringify({ custom: { a: 1 } })).toString('base64'),
        }),
      )
      expect(ran).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' })
      expect(ran.FunctionError).toBeUndefined()
      expect(JSON.parse(ran.Payload?.transformToString() ?? '')).toMatchObject({
        event: { text: 'grüße 🙂' },
        version: '$LATEST',
        greeting: 'hello',
        client: { custom: { a: 1 } },
      })
      expect(Buffer.from(ran.LogResult ?? '', 'base64').toString()).toContain('marker m-1')
      const failed = await client.send(
        new InvokeCommand({ FunctionName: name, Payload: JSON.stringify({ fail: 'no' }) }),
      )
      expect(failed).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' })
      expect(JSON.parse(failed.Payload?.transformToString() ?? '')).toMatchObject({
        errorType: 'RangeError',
        errorMessage: 'no',
      })
      expect((await client.send(new InvokeCommand({ FunctionName: name, InvocationType: 'DryRun' }))).StatusCode).toBe(
        204,
      )
      expect(
        (await client.send(new InvokeCommand({ FunctionName: name, InvocationType: 'Event', Payload: '{}' })))
          .StatusCode,
      ).toBe(202)
      expect((await client.send(new InvokeAsyncCommand({ FunctionName: name, InvokeArgs: '{}' }))).Status).toBe(202)
    })

    test('updates of configuration and code settle', async () => {
      const changed = await client.send(
        new UpdateFunctionConfigurationCommand({ FunctionName: name, Description: 'changed', MemorySize: 256 }),
      )
      expect(changed).toMatchObject({ Description: 'changed', MemorySize: 256 })
      await updated()
      const code = await client.send(new UpdateFunctionCodeCommand({ FunctionName: name, ZipFile: other }))
      expect(code.CodeSize).toBe(other.length)
      await updated()
      const ran = await client.send(new InvokeCommand({ FunctionName: name }))
      expect(ran.Payload?.transformToString()).toBe('"other"')
      await client.send(new UpdateFunctionCodeCommand({ FunctionName: name, ZipFile: echo }))
      await updated()
    })

    test('versions and aliases', async () => {
      const one = await publish('first')
      const two = await publish('second')
      await waitUntilPublishedVersionActive({ client, maxWaitTime: 60 }, { FunctionName: name, Qualifier: two })
      const versions: unknown[] = []
      for await (const page of paginateListVersionsByFunction({ client, pageSize: 1 }, { FunctionName: name }))
        versions.push(...(page.Versions ?? []).map(version => version.Version))
      expect(versions).toEqual(expect.arrayContaining(['$LATEST', one, two]))
      const alias = await client.send(
        new CreateAliasCommand({ FunctionName: name, Name: 'live', FunctionVersion: one }),
      )
      expect(alias.AliasArn).toBe(`${arn}:live`)
      const moved = await client.send(
        new UpdateAliasCommand({
          FunctionName: name,
          Name: 'live',
          FunctionVersion: two,
          RoutingConfig: { AdditionalVersionWeights: { [one]: 0.25 } },
        }),
      )
      expect(moved.RoutingConfig).toEqual({ AdditionalVersionWeights: { [one]: 0.25 } })
      expect(await client.send(new GetAliasCommand({ FunctionName: name, Name: 'live' }))).toMatchObject({
        FunctionVersion: two,
        RevisionId: moved.RevisionId,
      })
      const ran = await client.send(new InvokeCommand({ FunctionName: name, Qualifier: 'live', Payload: '{}' }))
      expect([one, two]).toContain(ran.ExecutedVersion)
      const aliases: unknown[] = []
      for await (const page of paginateListAliases({ client, pageSize: 1 }, { FunctionName: name }))
        aliases.push(...(page.Aliases ?? []).map(item => item.Name))
      expect(aliases).toEqual(['live'])
      await client.send(new DeleteAliasCommand({ FunctionName: name, Name: 'live' }))
      await expect(client.send(new GetAliasCommand({ FunctionName: name, Name: 'live' }))).rejects.toBeInstanceOf(
        ResourceNotFoundException,
      )
      await client.send(new DeleteFunctionCommand({ FunctionName: name, Qualifier: one }))
      await expect(
        client.send(new GetFunctionConfigurationCommand({ FunctionName: name, Qualifier: one })),
      ).rejects.toBeInstanceOf(ResourceNotFoundException)
    })

    test('resource policy', async () => {
      const added = await client.send(
        new AddPermissionCommand({
          FunctionName: name,
          StatementId: 'topic',
          Action: 'lambda:InvokeFunction',
          Principal: 'sns.amazonaws.com',
          SourceArn: 'arn:aws:sns:eu-west-1:111111111111:t',
        }),
      )
      expect(JSON.parse(added.Statement as string)).toMatchObject({
        Sid: 'topic',
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
      })
      const policy = await client.send(new GetPolicyCommand({ FunctionName: name }))
      expect(JSON.parse(policy.Policy as string).Statement).toEqual([JSON.parse(added.Statement as string)])
      await client.send(
        new RemovePermissionCommand({ FunctionName: name, StatementId: 'topic', RevisionId: policy.RevisionId }),
      )
      await expect(client.send(new GetPolicyCommand({ FunctionName: name }))).rejects.toBeInstanceOf(
        ResourceNotFoundException,
      )
    })

    test('layers and their permissions', async () => {
      const layer = `lc-sdk-layer-${suffix}`
      const published = await client.send(
        new PublishLayerVersionCommand({
          LayerName: layer,
          Content: { ZipFile: other },
          CompatibleArchitectures: ['x86_64'],
          LicenseInfo: 'MIT',
        }),
      )
      expect(published).toMatchObject({ Version: 1, LicenseInfo: 'MIT', Content: { CodeSize: other.length } })
      const versionArn = published.LayerVersionArn as string
      expect(
        (await client.send(new GetLayerVersionCommand({ LayerName: layer, VersionNumber: 1 }))).LayerVersionArn,
      ).toBe(versionArn)
      expect((await client.send(new GetLayerVersionByArnCommand({ Arn: versionArn }))).Version).toBe(1)
      const layers: unknown[] = []
      for await (const page of paginateListLayers({ client, pageSize: 1 }, {}))
        layers.push(...(page.Layers ?? []).map(item => item.LayerName))
      expect(layers).toContain(layer)
      const versions: unknown[] = []
      for await (const page of paginateListLayerVersions({ client }, { LayerName: layer }))
        versions.push(...(page.LayerVersions ?? []).map(item => item.Version))
      expect(versions).toEqual([1])
      const granted = await client.send(
        new AddLayerVersionPermissionCommand({
          LayerName: layer,
          VersionNumber: 1,
          StatementId: 'all',
          Action: 'lambda:GetLayerVersion',
          Principal: '*',
        }),
      )
      const policy = await client.send(new GetLayerVersionPolicyCommand({ LayerName: layer, VersionNumber: 1 }))
      expect(policy.RevisionId).toBe(granted.RevisionId)
      await client.send(
        new RemoveLayerVersionPermissionCommand({
          LayerName: layer,
          VersionNumber: 1,
          StatementId: 'all',
          RevisionId: policy.RevisionId,
        }),
      )
      await client.send(new DeleteLayerVersionCommand({ LayerName: layer, VersionNumber: 1 }))
      await expect(
        client.send(new GetLayerVersionCommand({ LayerName: layer, VersionNumber: 1 })),
      ).rejects.toBeInstanceOf(ResourceNotFoundException)
    })

    test('reserved and provisioned concurrency', async () => {
      await client.send(new PutFunctionConcurrencyCommand({ FunctionName: name, ReservedConcurrentExecutions: 5 }))
      expect(
        (await client.send(new GetFunctionConcurrencyCommand({ FunctionName: name }))).ReservedConcurrentExecutions,
      ).toBe(5)
      const version = await publish('provisioned')
      const put = await client.send(
        new PutProvisionedConcurrencyConfigCommand({
          FunctionName: name,
          Qualifier: version,
          ProvisionedConcurrentExecutions: 1,
        }),
      )
      expect(put.RequestedProvisionedConcurrentExecutions).toBe(1)
      await expect
        .poll(
          async () =>
            (await client.send(new GetProvisionedConcurrencyConfigCommand({ FunctionName: name, Qualifier: version })))
              .Status,
          { timeout: 20_000 },
        )
        .toBe('READY')
      const configs: unknown[] = []
      for await (const page of paginateListProvisionedConcurrencyConfigs({ client }, { FunctionName: name }))
        configs.push(...(page.ProvisionedConcurrencyConfigs ?? []).map(config => config.FunctionArn))
      expect(configs).toEqual([`${arn}:${version}`])
      await client.send(new DeleteProvisionedConcurrencyConfigCommand({ FunctionName: name, Qualifier: version }))
      await client.send(new DeleteFunctionConcurrencyCommand({ FunctionName: name }))
      expect(
        (await client.send(new GetFunctionConcurrencyCommand({ FunctionName: name }))).ReservedConcurrentExecutions,
      ).toBeUndefined()
    })

    test('settings of asynchronous invocation', async () => {
      const put = await client.send(
        new PutFunctionEventInvokeConfigCommand({ FunctionName: name, MaximumRetryAttempts: 1 }),
      )
      expect(put).toMatchObject({ FunctionArn: `${arn}:$LATEST`, MaximumRetryAttempts: 1 })
      expect(put.LastModified).toBeInstanceOf(Date)
      await client.send(
        new UpdateFunctionEventInvokeConfigCommand({ FunctionName: name, MaximumEventAgeInSeconds: 120 }),
      )
      expect(await client.send(new GetFunctionEventInvokeConfigCommand({ FunctionName: name }))).toMatchObject({
        MaximumRetryAttempts: 1,
        MaximumEventAgeInSeconds: 120,
      })
      const listed: unknown[] = []
      for await (const page of paginateListFunctionEventInvokeConfigs({ client }, { FunctionName: name }))
        listed.push(...(page.FunctionEventInvokeConfigs ?? []))
      expect(listed).toHaveLength(1)
      await client.send(new DeleteFunctionEventInvokeConfigCommand({ FunctionName: name }))
    })

    test('event source mappings', async () => {
      const source = `arn:aws:sqs:${target.region}:111111111111:lc-sdk-${suffix}`
      const made = await client.send(
        new CreateEventSourceMappingCommand({
          FunctionName: name,
          EventSourceArn: source,
          BatchSize: 5,
          Enabled: false,
        }),
      )
      const UUID = made.UUID as string
      expect(made).toMatchObject({ FunctionArn: arn, BatchSize: 5, State: 'Creating' })
      const state = async (): Promise<unknown> => (await client.send(new GetEventSourceMappingCommand({ UUID }))).State
      await expect.poll(state).toBe('Disabled')
      expect((await client.send(new UpdateEventSourceMappingCommand({ UUID, BatchSize: 7 }))).BatchSize).toBe(7)
      await expect.poll(state).toBe('Disabled')
      const listed = await client.send(new ListEventSourceMappingsCommand({ EventSourceArn: source }))
      expect(listed.EventSourceMappings?.map(mapping => mapping.UUID)).toEqual([UUID])
      expect((await client.send(new DeleteEventSourceMappingCommand({ UUID }))).State).toBe('Deleting')
      await expect.poll(() => state().catch((error: Error) => error.name)).toBe('ResourceNotFoundException')
    })

    test('code signing configurations', async () => {
      const publishers = {
        SigningProfileVersionArns: [
          `arn:aws:signer:${target.region}:111111111111:/signing-profiles/lambdacheck/abcdef1234`,
        ],
      }
      const made = await client.send(new CreateCodeSigningConfigCommand({ AllowedPublishers: publishers }))
      const CodeSigningConfigArn = made.CodeSigningConfig?.CodeSigningConfigArn as string
      expect(made.CodeSigningConfig?.CodeSigningPolicies).toEqual({ UntrustedArtifactOnDeployment: 'Warn' })
      await client.send(new UpdateCodeSigningConfigCommand({ CodeSigningConfigArn, Description: 'd' }))
      expect(
        (await client.send(new GetCodeSigningConfigCommand({ CodeSigningConfigArn }))).CodeSigningConfig,
      ).toMatchObject({ Description: 'd', AllowedPublishers: publishers })
      expect(
        (await client.send(new ListCodeSigningConfigsCommand({}))).CodeSigningConfigs?.map(
          config => config.CodeSigningConfigArn,
        ),
      ).toContain(CodeSigningConfigArn)
      await client.send(new PutFunctionCodeSigningConfigCommand({ FunctionName: name, CodeSigningConfigArn }))
      expect(
        (await client.send(new GetFunctionCodeSigningConfigCommand({ FunctionName: name }))).CodeSigningConfigArn,
      ).toBe(CodeSigningConfigArn)
      expect(
        (await client.send(new ListFunctionsByCodeSigningConfigCommand({ CodeSigningConfigArn }))).FunctionArns,
      ).toEqual([arn])
      await expect(client.send(new DeleteCodeSigningConfigCommand({ CodeSigningConfigArn }))).rejects.toBeInstanceOf(
        ResourceConflictException,
      )
      await client.send(new DeleteFunctionCodeSigningConfigCommand({ FunctionName: name }))
      await client.send(new DeleteCodeSigningConfigCommand({ CodeSigningConfigArn }))
    })

    test('tags and account settings', async () => {
      await client.send(new TagResourceCommand({ Resource: arn, Tags: { colour: 'red', size: 'l' } }))
      await client.send(new UntagResourceCommand({ Resource: arn, TagKeys: ['team', 'size'] }))
      expect((await client.send(new ListTagsCommand({ Resource: arn }))).Tags).toEqual({ colour: 'red' })
      const settings = await client.send(new GetAccountSettingsCommand({}))
      expect(settings.AccountLimit?.ConcurrentExecutions).toBeGreaterThan(0)
      expect(settings.AccountUsage?.FunctionCount).toBeGreaterThan(0)
    })
  })
}
