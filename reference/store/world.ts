import type { Place } from '../protocol/arn.ts'
import type { Limits } from '../protocol/limits.ts'
import type { Pages } from '../protocol/pages.ts'
import type { FiguresOfServices } from '../services/figures.ts'
import type { Queue } from '../services/sqs/queue.ts'
import type { LogGroup } from '../services/logs/log-group.ts'
import type { Table } from '../services/dynamodb/table.ts'
import type { Stream } from '../services/kinesis/stream.ts'
import type { Package, ZipPackage } from './package.ts'
import type { Revision } from './revision.ts'
import type { RuntimeNames } from './runtimes.ts'
import type { Settings } from './settings.ts'
import type { FunctionDefaults } from './function-defaults.ts'
import type { SourceSettings } from './source-settings.ts'

/**
 * All that the endpoint keeps of one Region. Maps hold their resources by the part of the key that is unique within the
 * owner.
 */
export interface World extends Place {
  readonly limits: Limits
  readonly pages: Pages
  /** What the other services keep to. */
  readonly figures: FiguresOfServices
  readonly runtimeNames: RuntimeNames
  /** What a function has when its creation does not say it. */
  readonly functionDefaults: FunctionDefaults
  /** What the page states of a mapping whose creation does not say it. */
  readonly mappingDefaults: (settings: SourceSettings) => SourceSettings
  /** How long a resource stays Pending, InProgress, Creating … */
  readonly transitionMs: number
  readonly functions: Map<string, LambdaFunction>
  readonly layers: Map<string, Layer>
  /** By UUID. */
  readonly mappings: Map<string, EventSourceMapping>
  /** By ARN. */
  readonly codeSigningConfigs: Map<string, CodeSigningConfig>
  /** Of the other services, by name. */
  readonly queues: Map<string, Queue>
  readonly streams: Map<string, Stream>
  readonly tables: Map<string, Table>
  readonly logGroups: Map<string, LogGroup>
  /** Access keys that functions of this endpoint were given. */
  readonly roleKeys: Set<string>
}

/** Tags of a resource by their key. */
export type Tags = ReadonlyMap<string, string>

/** A function with everything that belongs to it. */
export interface LambdaFunction {
  readonly name: string
  /** Tells apart functions that had the same name one after the other. */
  readonly incarnation: string
  latest: Version
  /** Published versions by number. */
  readonly versions: Map<string, Version>
  nextVersion: number
  /** What the last publication found in `$LATEST`, and the number that it gave. */
  published?: { readonly number: string; readonly settings: Settings; readonly code: Package }
  readonly aliases: Map<string, Alias>
  tags: Tags
  reservedConcurrency?: number | undefined
  codeSigningConfigArn?: string | undefined
  recursiveLoop: string
  runtimeManagement: RuntimeManagement
  /** By qualifier; the function itself is `$LATEST`. */
  readonly eventInvokeConfigs: Map<string, EventInvokeConfig>
  /** By version number or alias name. */
  readonly provisioned: Map<string, Provisioned>
  /** By qualifier; the function itself is `$LATEST`. */
  readonly policies: Map<string, Policy>
  /** By alias name; the function itself is `$LATEST`. */
  readonly urls: Map<string, UrlConfig>
}

/** Code and settings under a number, or `$LATEST`. */
export interface Version {
  /** `$LATEST` or a number. */
  readonly number: string
  readonly settings: Settings
  readonly code: Package
  /** Unix milliseconds. */
  readonly lastModified: number
  revision: Revision
}

/** A name for a version, or for two that share the traffic. */
export interface Alias {
  readonly name: string
  readonly version: string
  readonly description: string
  /** Share of the invocations that go to the other version. */
  readonly routing?: { readonly version: string; readonly weight: number } | undefined
  readonly revisionId: string
}

/** When the service brings the runtime of a function up to date, and the version that it keeps to until then. */
export interface RuntimeManagement {
  readonly updateOn: string
  readonly versionArn?: string | undefined
}

interface Policy {
  readonly statements: readonly Statement[]
}

/** A statement of a resource-based policy. */
export interface Statement {
  readonly Sid: string
  readonly [element: string]: unknown
}

/** What becomes of the events of asynchronous invocations. */
export interface EventInvokeConfig {
  readonly maximumRetryAttempts?: number | undefined
  readonly maximumEventAge?: number | undefined
  readonly onSuccess?: string | undefined
  readonly onFailure?: string | undefined
  /** Unix milliseconds. */
  readonly lastModified: number
}

/** Provisioned concurrency of a version or an alias. */
export interface Provisioned {
  readonly requested: number
  /** Unix milliseconds. */
  readonly lastModified: number
  status: 'IN_PROGRESS' | 'READY' | 'FAILED'
}

/** The URL of a function or an alias. */
export interface UrlConfig {
  readonly id: string
  readonly authType: string
  readonly cors?: object | undefined
  readonly invokeMode?: string | undefined
  readonly created: number
  readonly lastModified: number
}

/** A layer with its versions, those that were deleted left out. */
export interface Layer {
  readonly name: string
  /** Numbers are never given twice, not even after deletion. */
  nextVersion: number
  readonly versions: Map<number, LayerVersion>
}

/** One version of a layer, which never changes. */
export interface LayerVersion {
  readonly number: number
  readonly description: string
  readonly content: ZipPackage
  readonly runtimes?: readonly string[] | undefined
  readonly architectures?: readonly string[] | undefined
  readonly license?: string | undefined
  /** Unix milliseconds. */
  readonly created: number
  policy?: { readonly statements: readonly Statement[]; readonly revisionId: string }
}

/** Who may have signed code, and what becomes of code of others. */
export interface CodeSigningConfig {
  readonly id: string
  readonly arn: string
  readonly description?: string | undefined
  readonly signingProfiles: readonly string[]
  readonly policy: string
  readonly lastModified: number
  tags: Tags
}

/** A source that functions are invoked from, with its settings and its state. */
export interface EventSourceMapping {
  readonly uuid: string
  /** Name of the function, and qualifier, to which events go. */
  readonly function: { readonly name: string; readonly qualifier?: string }
  /** The members of the configuration that the caller chose or that have defaults. */
  readonly settings: { readonly [member: string]: unknown }
  tags: Tags
  readonly enabled: boolean
  readonly transition: 'Creating' | 'Updating' | 'Enabling' | 'Disabling' | 'Deleting'
  /** Unix milliseconds. */
  readonly settlesAt: number
  readonly lastModified: number
}
