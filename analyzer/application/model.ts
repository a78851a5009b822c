/**
 * What the analyzer understands of a project: the same shapes for every kind of template, so that a rule is written
 * once.
 */
import type { PythonCode, PythonHandler } from './python.ts'
import type { CodeFile, Handler } from './code.ts'
import type { ProjectFiles } from './files.ts'
import type { Loc, SourceText } from './source.ts'
import type { Value } from './value.ts'

/** The tool that deploys a template. */
export type TemplateFormat = 'sam' | 'cloudformation' | 'cdk' | 'serverless' | 'terraform'

/**
 * One deployable description: a template, a serverless.yml, a Terraform plan or the `.tf.json` files of one directory.
 */
export interface Template {
  /** The file, or the first of several. */
  readonly source: SourceText
  /** All files, where there are several: the `.tf` files of a root module and of those that it calls. */
  readonly sources?: readonly SourceText[]
  readonly format: TemplateFormat
  /** The whole file. */
  readonly root: Value
  /** By logical id (for Terraform the address `aws_sqs_queue.jobs`). */
  readonly resources: ReadonlyMap<string, Resource>
  readonly functions: readonly LambdaFunction[]
  /** There may be resources that are not seen: a macro, an include, a plugin, a module. */
  readonly open: boolean
}

/** A resource of a template. */
export interface Resource {
  readonly id: string
  /**
   * CloudFormation's name of the type, whatever the template is written in; an unknown Terraform type keeps its own.
   * Types of SAM (`AWS::Serverless::Function`) stay what they are.
   */
  readonly type: string
  readonly template: Template
  /** The logical id where it is declared. */
  readonly loc: Loc
  /** With CloudFormation's property names, whatever the template is written in. */
  readonly properties: Value
  /** Everything beside the properties: `DependsOn`, `DeletionPolicy`, `Metadata` … */
  readonly value: Value
  readonly metadata: Value
  /** Name of the condition without which it is not made. */
  readonly condition?: string
  readonly dependsOn: readonly string[]
  /** `properties.at(...path)`. */
  property(...path: readonly (string | number)[]): Value
}

/**
 * Who calls a function, and therefore what a failure does: nobody knows, the caller is waiting, Lambda queues and
 * retries, Lambda polls.
 */
export type Invocation = 'sync' | 'async' | 'poll'

/** What calls a function. */
export type EventKind =
  | 'sqs'
  | 'kinesis'
  | 'dynamodb'
  | 'msk'
  | 'kafka'
  | 'mq'
  | 'documentdb' // polled
  | 's3'
  | 'sns'
  | 'schedule'
  | 'eventbridge'
  | 'cloudwatch-logs'
  | 'iot'
  | 'codecommit'
  | 'ses'
  | 'config' // asynchronous
  | 'rest-api'
  | 'http-api'
  | 'websocket-api'
  | 'url'
  | 'alb'
  | 'cognito'
  | 'alexa'
  | 'lex'
  | 'appsync'
  | 'authorizer'
  | 'cloudfront' // synchronous
  | 'other'

/**
 * Something that makes a function run: a SAM event, a serverless event, an event source mapping, a rule, a
 * subscription.
 */
export interface EventSource {
  /** Name of the SAM event, logical id of the resource, or `kind-N`. */
  readonly id: string
  readonly kind: EventKind
  readonly invocation: Invocation
  readonly loc: Loc
  /** ARN or reference of the queue, stream, bucket, topic …; absent where there is none. */
  readonly source: Value
  /** The resource behind `source`, when the project declares it. */
  readonly resource: Resource | undefined
  /**
   * The settings with the property names of `AWS::Lambda::EventSourceMapping` for polled sources (`BatchSize`,
   * `StartingPosition`, `MaximumBatchingWindowInSeconds`, `FunctionResponseTypes` …), and of the SAM event type for the
   * others.
   */
  readonly properties: Value
  /** `properties.at(...path)`. */
  property(...path: readonly (string | number)[]): Value
  /** How it is declared: among the function's events, or as a resource of its own. */
  readonly declaredBy: 'sam' | 'serverless' | 'resource'
}

/** A statement of a policy. Single values are lists of one; what is not known is an unknown item, never left out. */
export interface Statement {
  readonly loc: Loc
  readonly value: Value
  readonly sid: string | undefined
  /** `Allow` when it is not known. */
  readonly effect: 'Allow' | 'Deny'
  readonly actions: readonly Value[]
  readonly notActions: readonly Value[]
  readonly resources: readonly Value[]
  readonly notResources: readonly Value[]
  /** Absent for identity policies. */
  readonly principal: Value
  readonly condition: Value
}

/** What a policy is attached to. */
export type PolicyKind =
  /** Attached to a role, user or group: what the holder may do. */
  | 'identity'
  /** On a queue, topic, bucket, key, function …: who may use it. */
  | 'resource'
  /** Who may take a role. */
  | 'trust'

/** A policy with its statements. */
export interface Policy {
  readonly kind: PolicyKind
  readonly loc: Loc
  /** The document. */
  readonly value: Value
  readonly statements: readonly Statement[]
  /**
   * The resource that holds the document (role, policy, queue policy, SAM function); absent for a standalone JSON file.
   */
  readonly resource: Resource | undefined
  readonly template: Template | undefined
  /** Statements may be missing: a part of it could not be resolved. */
  readonly open: boolean
}

/** What a function may do. */
export interface Permissions {
  /**
   * `explicit`: the template names the role. `generated`: SAM or the serverless framework makes it (and adds what its
   * events, VPC, tracing and logs need). `unknown`: imported, or given by a parameter.
   */
  readonly kind: 'explicit' | 'generated' | 'unknown'
  /** The role, when it is declared in the project. */
  readonly role: Resource | undefined
  /** Where to add to it. */
  readonly loc: Loc
  readonly policies: readonly Policy[]
  /** ARNs or names of managed policies. */
  readonly managed: readonly Value[]
  /** Policy templates of SAM: name and parameters (`DynamoDBCrudPolicy`). */
  readonly templates: readonly { readonly name: string; readonly value: Value }[]
  /** Grants may be missing: a part of it could not be resolved. No rule may say that something is not granted. */
  readonly open: boolean
}

/** Who may invoke a function, from `AWS::Lambda::Permission` and its likes. */
export interface InvokePermission {
  readonly resource: Resource
  readonly loc: Loc
  readonly function: LambdaFunction | undefined
  readonly functionName: Value
  readonly principal: Value
  readonly action: Value
  readonly sourceArn: Value
  readonly sourceAccount: Value
}

/** A function of a template, whichever tool declares it. */
export interface LambdaFunction {
  /** Logical id, key in serverless.yml, or address in Terraform. */
  readonly id: string
  readonly template: Template
  readonly resource: Resource
  readonly loc: Loc
  /** `FunctionName`; absent when AWS chooses. */
  readonly name: Value
  readonly packageType: 'Zip' | 'Image' | undefined
  /** Such as `nodejs22.x`; absent for images. */
  readonly runtime: Value
  /** Such as `src/app.handler`. */
  readonly handler: Value
  /** `CodeUri`, `Code`, `InlineCode`, `package`: as written. */
  readonly code: Value
  /** Seconds; the default where nobody wrote it. */
  readonly timeout: Value
  /** MB; the default where nobody wrote it. */
  readonly memory: Value
  /** The map of variables. Absent when there are none; `open` when more may come. */
  readonly environment: Value
  readonly layers: Value
  readonly architectures: Value
  readonly vpc: Value
  /** `Active`, `PassThrough`, or absent. */
  readonly tracing: Value
  readonly reservedConcurrency: Value
  readonly ephemeralStorage: Value
  readonly fileSystems: Value
  readonly logging: Value
  /** ARN of the dead letter target. */
  readonly deadLetter: Value
  readonly asyncConfig: {
    readonly maximumEventAge: Value
    readonly maximumRetryAttempts: Value
    readonly onSuccess: Value
    readonly onFailure: Value
  }
  readonly permissions: Permissions
  readonly events: readonly EventSource[]
  /** Any property of the function with CloudFormation's (or SAM's) name, `Globals` and provider defaults merged in. */
  property(...path: readonly (string | number)[]): Value
  /** How the code gets into the package. */
  readonly packaging: Packaging
  /** Where its handler is; why not, when it could not be found. */
  readonly lookup: HandlerLookup
  /** The handler, when it was found. */
  readonly entry: Handler | undefined
}

/** What goes into the deployment package of a function. */
export interface Packaging {
  /** Directory that is zipped or bundled, relative to the project; undefined when it is not known or an archive. */
  readonly directory: string | undefined
  /** A zip or other archive, relative to the project. */
  readonly archive: string | undefined
  /** A bundler follows the imports (esbuild, webpack, CDK's NodejsFunction); undefined when that is not known. */
  readonly bundler: 'none' | 'esbuild' | 'webpack' | 'other' | undefined
  /**
   * Settings of the bundler as written (SAM `Metadata.BuildProperties`, serverless `custom.esbuild` or
   * `build.esbuild`).
   */
  readonly settings: Value
  /** Modules that the bundler leaves out. */
  readonly external: Value
  /** Where the handler's file is in the project, and the handler as it is called there, where a package renames it. */
  readonly renamed?: { readonly directory: string; readonly handler: string } | undefined
  /** The folder and the Dockerfile in it that an image is built of. */
  readonly image?: { readonly context: string; readonly dockerfile: string } | undefined
  /**
   * What the folder may be called whose code becomes the package, where something that is not read makes it: its code
   * may be looked for.
   */
  readonly builtAs?: readonly string[] | undefined
}

/** The handler of a function, or why it was not found. */
export type HandlerLookup =
  | { readonly found: true; readonly handler: Handler }
  /**
   * `missing`: surely not there. `unknown`: it cannot be told (no source in the project, another language, unresolved).
   */
  | {
      readonly found: false
      readonly reason: 'missing-file' | 'missing-export' | 'unknown'
      readonly why: string
      readonly tried: readonly string[]
      readonly file?: CodeFile
      /** What to do, where the language has its own way to name a handler. */
      readonly help?: string
      /** It was found, and is Python: rules for that look at it. */
      readonly python?: PythonHandler
    }

/** A part of the project that could not be read; becomes one finding. */
export interface Problem {
  readonly rule: 'template-unreadable' | 'template-duplicate-key' | 'code-unparsable'
  readonly loc: Loc
  readonly message: string
}

/** What the analyzer understands of a project. */
export interface Application {
  /** Absolute path. */
  readonly root: string
  readonly templates: readonly Template[]
  readonly functions: readonly LambdaFunction[]
  readonly resources: readonly Resource[]
  /** Every policy document, wherever it stands. */
  readonly policies: readonly Policy[]
  readonly invokePermissions: readonly InvokePermission[]
  /** Handlers: of the functions, and those found by export and signature where no template names them. */
  readonly handlers: readonly Handler[]
  /** Handlers of functions that run on Python, and the files behind them. */
  readonly python: PythonCode
  /** Code that runs in Lambda: reached from a handler. */
  readonly code: readonly CodeFile[]
  /** The same files in the order in which they are cheapest to walk: each has its tree at hand when it comes. */
  codeInOrder(): Iterable<CodeFile>
  readonly problems: readonly Problem[]
  /** What broke the analyzer and was left out, one sentence each: a fault of ours. */
  readonly lost: readonly string[]
  /** For whoever makes a program of the trees: from now on a file has one tree for good. */
  pinTrees(): void
  /**
   * The file system below the project. Rules look at files through this alone: a cached result hangs on what was looked
   * at.
   */
  readonly files: ProjectFiles
  /** Resources of a type, across templates. */
  ofType(...types: readonly string[]): readonly Resource[]
}
