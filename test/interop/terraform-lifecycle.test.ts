/**
 * What Terraform's AWS provider does with each of its Lambda resources, by the calls that it makes: create; read, and the plan is empty; update;
 * read, and the plan is empty; destroy; and reading finds nothing.
 */
import {
  AddLayerVersionPermissionCommand,
  AddPermissionCommand,
  CreateAliasCommand,
  CreateCodeSigningConfigCommand,
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  CreateFunctionUrlConfigCommand,
  DeleteAliasCommand,
  DeleteCodeSigningConfigCommand,
  DeleteEventSourceMappingCommand,
  DeleteFunctionCommand,
  DeleteFunctionEventInvokeConfigCommand,
  DeleteFunctionUrlConfigCommand,
  DeleteLayerVersionCommand,
  DeleteProvisionedConcurrencyConfigCommand,
  GetAliasCommand,
  GetCodeSigningConfigCommand,
  GetEventSourceMappingCommand,
  GetFunctionCodeSigningConfigCommand,
  GetFunctionCommand,
  GetFunctionEventInvokeConfigCommand,
  GetFunctionRecursionConfigCommand,
  GetFunctionUrlConfigCommand,
  GetLayerVersionCommand,
  GetLayerVersionPolicyCommand,
  GetPolicyCommand,
  GetProvisionedConcurrencyConfigCommand,
  GetRuntimeManagementConfigCommand,
  InvokeCommand,
  LambdaClient,
  ListTagsCommand,
  ListVersionsByFunctionCommand,
  PublishLayerVersionCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  PutFunctionRecursionConfigCommand,
  PutProvisionedConcurrencyConfigCommand,
  PutRuntimeManagementConfigCommand,
  RemoveLayerVersionPermissionCommand,
  RemovePermissionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAliasCommand,
  UpdateCodeSigningConfigCommand,
  UpdateEventSourceMappingCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  UpdateFunctionUrlConfigCommand,
  waitUntilFunctionActiveV2,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda'
import { strToU8, zipSync } from 'fflate'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startReference, type Reference } from '../../reference/server.ts'
import { requester } from '../support/reference-client.ts'
import { serviceClient } from '../support/service-client.ts'

type State = { readonly [attribute: string]: unknown }

/** A resource as the provider handles it. `before` and `after` are what a configuration wants; reading must give the same. */
interface Resource {
  readonly before: State
  readonly after: State
  /** Gives the id under which it is known from then on. */
  create(): Promise<string>
  read(id: string): Promise<State>
  /** Absent: the provider replaces the resource. */
  update?(id: string): Promise<unknown>
  /** Absent: destroying changes nothing on the service. */
  destroy?(id: string): Promise<unknown>
  /** What reading finds when it is destroyed, where that is no error. */
  readonly gone?: State
}

let reference: Reference
let client: LambdaClient
const role = 'arn:aws:iam::000000000000:role/terraform'
const region = 'eu-west-1'
const zip = (text: string): Uint8Array => zipSync({ 'index.js': strToU8(`exports.handler = async event => (${text})`) })
const send: LambdaClient['send'] = ((command: never) => client.send(command)) as never
const waiting = { maxWaitTime: 60, minDelay: 0.02, maxDelay: 1 }
const sources: { queue: string; other: string } = { queue: '', other: '' }

beforeAll(async () => {
  reference = await startReference({ transitionMs: 10 })
  client = new LambdaClient({
    endpoint: reference.url,
    region,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
  })
  const { ask } = serviceClient(requester(reference.url), 'AmazonSQS')
  for (const name of ['queue', 'other'] as const) {
    await ask('CreateQueue', { QueueName: `terraform-${name}` })
    sources[name] = `arn:aws:sqs:${region}:000000000000:terraform-${name}`
  }
  await makeFunction('base')
  await send(new PublishVersionCommand({ FunctionName: 'base' }))
  await send(new UpdateFunctionConfigurationCommand({ FunctionName: 'base', Description: 'second' }))
  await updated('base')
  await send(new PublishVersionCommand({ FunctionName: 'base' }))
})
afterAll(async () => {
  client?.destroy()
  await reference?.close()
})

async function makeFunction(name: string, more: object = {}): Promise<void> {
  await send(
    new CreateFunctionCommand({
      FunctionName: name,
      Role: role,
      Runtime: 'nodejs20.x',
      Handler: 'index.handler',
      Code: { ZipFile: zip('event') },
      ...more,
    }),
  )
  await waitUntilFunctionActiveV2({ client, ...waiting } as never, { FunctionName: name })
}

async function updated(name: string): Promise<void> {
  await waitUntilFunctionUpdatedV2({ client, ...waiting } as never, { FunctionName: name })
}

async function mappingSettled(UUID: string): Promise<void> {
  for (;;) {
    const { State } = await send(new GetEventSourceMappingCommand({ UUID }))
    if (!State?.endsWith('ing')) return
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}

const RESOURCES: { readonly [type: string]: () => Resource } = {
  aws_lambda_function: () => ({
    before: {
      description: 'one',
      memory: 128,
      timeout: 3,
      env: { STAGE: 'one' },
      reserved: 5,
      tags: { team: 'blue' },
      signing: undefined,
    },
    after: {
      description: 'two',
      memory: 256,
      timeout: 9,
      env: { STAGE: 'two' },
      reserved: 7,
      tags: { owner: 'red' },
      signing: undefined,
    },
    async create() {
      await makeFunction('terraform', {
        Description: 'one',
        Environment: { Variables: { STAGE: 'one' } },
        Tags: { team: 'blue' },
      })
      await send(new PutFunctionConcurrencyCommand({ FunctionName: 'terraform', ReservedConcurrentExecutions: 5 }))
      return 'terraform'
    },
    async read(FunctionName) {
      const { Configuration: it, Tags, Concurrency } = await send(new GetFunctionCommand({ FunctionName }))
      const versions = await send(new ListVersionsByFunctionCommand({ FunctionName }))
      expect(versions.Versions?.at(-1)?.FunctionArn).toContain(it?.FunctionArn)
      const signing = await send(new GetFunctionCodeSigningConfigCommand({ FunctionName }))
      return {
        description: it?.Description,
        memory: it?.MemorySize,
        timeout: it?.Timeout,
        env: it?.Environment?.Variables,
        reserved: Concurrency?.ReservedConcurrentExecutions,
        tags: Tags,
        signing: signing.CodeSigningConfigArn,
      }
    },
    async update(FunctionName) {
      const { Configuration } = await send(new GetFunctionCommand({ FunctionName }))
      await send(
        new UpdateFunctionConfigurationCommand({
          FunctionName,
          Description: 'two',
          MemorySize: 256,
          Timeout: 9,
          Environment: { Variables: { STAGE: 'two' } },
        }),
      )
      await updated(FunctionName)
      await send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: zip('1') }))
      await updated(FunctionName)
      await send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 7 }))
      await send(new UntagResourceCommand({ Resource: Configuration?.FunctionArn, TagKeys: ['team'] }))
      await send(new TagResourceCommand({ Resource: Configuration?.FunctionArn, Tags: { owner: 'red' } }))
    },
    destroy: FunctionName => send(new DeleteFunctionCommand({ FunctionName })),
  }),

  aws_lambda_alias: () => ({
    before: { version: '1', description: 'one', weights: undefined },
    after: { version: '1', description: 'two', weights: { 2: 0.25 } },
    async create() {
      await send(
        new CreateAliasCommand({ FunctionName: 'base', Name: 'live', FunctionVersion: '1', Description: 'one' }),
      )
      return 'live'
    },
    async read(Name) {
      const alias = await send(new GetAliasCommand({ FunctionName: 'base', Name }))
      return {
        version: alias.FunctionVersion,
        description: alias.Description,
        weights: alias.RoutingConfig?.AdditionalVersionWeights,
      }
    },
    update: Name =>
      send(
        new UpdateAliasCommand({
          FunctionName: 'base',
          Name,
          FunctionVersion: '1',
          Description: 'two',
          RoutingConfig: { AdditionalVersionWeights: { 2: 0.25 } },
        }),
      ),
    destroy: Name => send(new DeleteAliasCommand({ FunctionName: 'base', Name })),
  }),

  aws_lambda_code_signing_config: () => {
    const profile = (name: string): string =>
      `arn:aws:signer:${region}:000000000000:/signing-profiles/${name}/0123456789`
    return {
      before: { description: 'one', profiles: [profile('a')], policy: 'Warn', tags: { team: 'blue' } },
      after: { description: 'two', profiles: [profile('b')], policy: 'Enforce', tags: { team: 'red' } },
      async create() {
        const made = await send(
          new CreateCodeSigningConfigCommand({
            Description: 'one',
            AllowedPublishers: { SigningProfileVersionArns: [profile('a')] },
            CodeSigningPolicies: { UntrustedArtifactOnDeployment: 'Warn' },
          }),
        )
        const arn = made.CodeSigningConfig?.CodeSigningConfigArn as string
        await send(new TagResourceCommand({ Resource: arn, Tags: { team: 'blue' } }))
        return arn
      },
      async read(CodeSigningConfigArn) {
        const { CodeSigningConfig: it } = await send(new GetCodeSigningConfigCommand({ CodeSigningConfigArn }))
        const { Tags } = await send(new ListTagsCommand({ Resource: CodeSigningConfigArn }))
        return {
          description: it?.Description,
          profiles: it?.AllowedPublishers?.SigningProfileVersionArns,
          policy: it?.CodeSigningPolicies?.UntrustedArtifactOnDeployment,
          tags: Tags,
        }
      },
      async update(CodeSigningConfigArn) {
        await send(
          new UpdateCodeSigningConfigCommand({
            CodeSigningConfigArn,
            Description: 'two',
            AllowedPublishers: { SigningProfileVersionArns: [profile('b')] },
            CodeSigningPolicies: { UntrustedArtifactOnDeployment: 'Enforce' },
          }),
        )
        await send(new TagResourceCommand({ Resource: CodeSigningConfigArn, Tags: { team: 'red' } }))
      },
      destroy: CodeSigningConfigArn => send(new DeleteCodeSigningConfigCommand({ CodeSigningConfigArn })),
    }
  },

  aws_lambda_event_source_mapping: () => ({
    before: { size: 10, window: 0, state: 'Enabled', tags: { team: 'blue' }, responses: [] },
    after: { size: 5, window: 2, state: 'Disabled', tags: {}, responses: ['ReportBatchItemFailures'] },
    async create() {
      const made = await send(
        new CreateEventSourceMappingCommand({ FunctionName: 'base', EventSourceArn: sources.queue, BatchSize: 10 }),
      )
      await mappingSettled(made.UUID as string)
      await send(new TagResourceCommand({ Resource: made.EventSourceMappingArn, Tags: { team: 'blue' } }))
      return made.UUID as string
    },
    async read(UUID) {
      const it = await send(new GetEventSourceMappingCommand({ UUID }))
      const { Tags } = await send(new ListTagsCommand({ Resource: it.EventSourceMappingArn }))
      return {
        size: it.BatchSize,
        window: it.MaximumBatchingWindowInSeconds,
        state: it.State,
        tags: Tags,
        responses: it.FunctionResponseTypes,
      }
    },
    async update(UUID) {
      const made = await send(
        new UpdateEventSourceMappingCommand({
          UUID,
          BatchSize: 5,
          MaximumBatchingWindowInSeconds: 2,
          Enabled: false,
          FunctionResponseTypes: ['ReportBatchItemFailures'],
        }),
      )
      await mappingSettled(UUID)
      await send(new UntagResourceCommand({ Resource: made.EventSourceMappingArn, TagKeys: ['team'] }))
    },
    destroy: UUID => send(new DeleteEventSourceMappingCommand({ UUID })),
  }),

  aws_lambda_function_event_invoke_config: () => {
    const put = (retries: number, age: number, queue: string): Promise<unknown> =>
      send(
        new PutFunctionEventInvokeConfigCommand({
          FunctionName: 'base',
          MaximumRetryAttempts: retries,
          MaximumEventAgeInSeconds: age,
          DestinationConfig: { OnFailure: { Destination: queue } },
        }),
      )
    return {
      before: { retries: 1, age: 60, failure: sources.queue },
      after: { retries: 0, age: 120, failure: sources.other },
      async create() {
        await put(1, 60, sources.queue)
        return 'base'
      },
      async read(FunctionName) {
        const it = await send(new GetFunctionEventInvokeConfigCommand({ FunctionName }))
        return {
          retries: it.MaximumRetryAttempts,
          age: it.MaximumEventAgeInSeconds,
          failure: it.DestinationConfig?.OnFailure?.Destination,
        }
      },
      update: () => put(0, 120, sources.other),
      destroy: FunctionName => send(new DeleteFunctionEventInvokeConfigCommand({ FunctionName })),
    }
  },

  aws_lambda_function_recursion_config: () => ({
    before: { loop: 'Allow' },
    after: { loop: 'Terminate' },
    async create() {
      await send(new PutFunctionRecursionConfigCommand({ FunctionName: 'base', RecursiveLoop: 'Allow' }))
      return 'base'
    },
    read: async FunctionName => ({
      loop: (await send(new GetFunctionRecursionConfigCommand({ FunctionName }))).RecursiveLoop,
    }),
    update: FunctionName => send(new PutFunctionRecursionConfigCommand({ FunctionName, RecursiveLoop: 'Terminate' })),
    destroy: FunctionName => send(new PutFunctionRecursionConfigCommand({ FunctionName, RecursiveLoop: 'Terminate' })),
    gone: { loop: 'Terminate' },
  }),

  aws_lambda_function_url: () => ({
    before: { auth: 'NONE', mode: 'BUFFERED', origins: undefined },
    after: { auth: 'AWS_IAM', mode: 'RESPONSE_STREAM', origins: ['https://example.com'] },
    async create() {
      await send(new CreateFunctionUrlConfigCommand({ FunctionName: 'base', AuthType: 'NONE', InvokeMode: 'BUFFERED' }))
      return 'base'
    },
    async read(FunctionName) {
      const it = await send(new GetFunctionUrlConfigCommand({ FunctionName }))
      return { auth: it.AuthType, mode: it.InvokeMode, origins: it.Cors?.AllowOrigins }
    },
    update: FunctionName =>
      send(
        new UpdateFunctionUrlConfigCommand({
          FunctionName,
          AuthType: 'AWS_IAM',
          InvokeMode: 'RESPONSE_STREAM',
          Cors: { AllowOrigins: ['https://example.com'] },
        }),
      ),
    destroy: FunctionName => send(new DeleteFunctionUrlConfigCommand({ FunctionName })),
  }),

  aws_lambda_layer_version: () => ({
    before: { description: 'one', runtimes: ['nodejs20.x'], license: 'MIT' },
    after: { description: 'one', runtimes: ['nodejs20.x'], license: 'MIT' },
    async create() {
      const made = await send(
        new PublishLayerVersionCommand({
          LayerName: 'terraform-layer',
          Content: { ZipFile: zip('2') },
          Description: 'one',
          CompatibleRuntimes: ['nodejs20.x'],
          LicenseInfo: 'MIT',
        }),
      )
      return String(made.Version)
    },
    async read(version) {
      const it = await send(
        new GetLayerVersionCommand({ LayerName: 'terraform-layer', VersionNumber: Number(version) }),
      )
      return { description: it.Description, runtimes: it.CompatibleRuntimes, license: it.LicenseInfo }
    },
    destroy: version =>
      send(new DeleteLayerVersionCommand({ LayerName: 'terraform-layer', VersionNumber: Number(version) })),
  }),

  aws_lambda_layer_version_permission: () => ({
    before: { principals: ['*'] },
    after: { principals: ['*'] },
    async create() {
      const made = await send(
        new PublishLayerVersionCommand({ LayerName: 'terraform-granted', Content: { ZipFile: zip('3') } }),
      )
      await send(
        new AddLayerVersionPermissionCommand({
          LayerName: 'terraform-granted',
          VersionNumber: made.Version,
          StatementId: 'all',
          Action: 'lambda:GetLayerVersion',
          Principal: '*',
        }),
      )
      return String(made.Version)
    },
    async read(version) {
      const it = await send(
        new GetLayerVersionPolicyCommand({ LayerName: 'terraform-granted', VersionNumber: Number(version) }),
      )
      return {
        principals: JSON.parse(it.Policy as string).Statement.map((one: { Principal: unknown }) => one.Principal),
      }
    },
    destroy: version =>
      send(
        new RemoveLayerVersionPermissionCommand({
          LayerName: 'terraform-granted',
          VersionNumber: Number(version),
          StatementId: 'all',
        }),
      ),
  }),

  aws_lambda_permission: () => ({
    before: { sids: ['topic'] },
    after: { sids: ['topic'] },
    async create() {
      await send(
        new AddPermissionCommand({
          FunctionName: 'base',
          StatementId: 'topic',
          Action: 'lambda:InvokeFunction',
          Principal: 'sns.amazonaws.com',
          SourceArn: `arn:aws:sns:${region}:000000000000:t`,
        }),
      )
      return 'topic'
    },
    async read() {
      const { Policy } = await send(new GetPolicyCommand({ FunctionName: 'base' }))
      return { sids: JSON.parse(Policy as string).Statement.map((one: { Sid: string }) => one.Sid) }
    },
    destroy: StatementId => send(new RemovePermissionCommand({ FunctionName: 'base', StatementId })),
  }),

  aws_lambda_provisioned_concurrency_config: () => {
    const put = async (n: number): Promise<void> => {
      await send(
        new PutProvisionedConcurrencyConfigCommand({
          FunctionName: 'base',
          Qualifier: '2',
          ProvisionedConcurrentExecutions: n,
        }),
      )
      while (
        (await send(new GetProvisionedConcurrencyConfigCommand({ FunctionName: 'base', Qualifier: '2' }))).Status ===
        'IN_PROGRESS'
      )
        await new Promise(resolve => setTimeout(resolve, 10))
    }
    return {
      before: { requested: 1, status: 'READY' },
      after: { requested: 2, status: 'READY' },
      async create() {
        await put(1)
        return '2'
      },
      async read(Qualifier) {
        const it = await send(new GetProvisionedConcurrencyConfigCommand({ FunctionName: 'base', Qualifier }))
        return { requested: it.RequestedProvisionedConcurrentExecutions, status: it.Status }
      },
      update: () => put(2),
      destroy: Qualifier => send(new DeleteProvisionedConcurrencyConfigCommand({ FunctionName: 'base', Qualifier })),
    }
  },

  aws_lambda_runtime_management_config: () => ({
    before: { on: 'FunctionUpdate' },
    after: { on: 'Auto' },
    async create() {
      await send(new PutRuntimeManagementConfigCommand({ FunctionName: 'base', UpdateRuntimeOn: 'FunctionUpdate' }))
      return 'base'
    },
    read: async FunctionName => ({
      on: (await send(new GetRuntimeManagementConfigCommand({ FunctionName }))).UpdateRuntimeOn,
    }),
    update: FunctionName => send(new PutRuntimeManagementConfigCommand({ FunctionName, UpdateRuntimeOn: 'Auto' })),
    destroy: FunctionName => send(new PutRuntimeManagementConfigCommand({ FunctionName, UpdateRuntimeOn: 'Auto' })),
    gone: { on: 'Auto' },
  }),

  aws_lambda_invocation: () => ({
    before: { result: '{"n":1}' },
    after: { result: '{"n":1}' },
    async create() {
      const { Payload } = await send(
        new InvokeCommand({ FunctionName: 'base', Qualifier: '$LATEST', Payload: '{"n":1}' }),
      )
      return Payload?.transformToString() ?? ''
    },
    read: async result => ({ result }),
  }),
}

test.each(Object.entries(RESOURCES))('%s', async (_, make) => {
  const resource = make()
  const id = await resource.create()
  expect(await resource.read(id)).toEqual(resource.before)
  await resource.update?.(id)
  expect(await resource.read(id)).toEqual(resource.after)
  if (resource.destroy === undefined) return
  await resource.destroy(id)
  if (resource.gone !== undefined) return expect(await resource.read(id)).toEqual(resource.gone)
  // A mapping is being deleted for a while, and is read until then.
  await expect
    .poll(
      () =>
        resource.read(id).then(
          () => 'there',
          (error: Error) => error.name,
        ),
      { timeout: 5000 },
    )
    .toMatch(/^(ResourceNotFoundException|ProvisionedConcurrencyConfigNotFoundException)$/)
})
