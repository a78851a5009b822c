import type { ZipPackage } from './package.ts'

/** The configuration of one version of a function: what the caller chose, with the defaults filled in. */
export interface Settings {
  readonly description: string
  readonly role: string
  readonly packageType: 'Zip' | 'Image'
  readonly architecture: string
  readonly memorySize: number
  /** Seconds. */
  readonly timeout: number
  readonly ephemeralStorage: number
  readonly tracingMode: string
  readonly runtime?: string | undefined
  readonly handler?: string | undefined
  readonly environment?: { readonly [name: string]: string } | undefined
  readonly kmsKeyArn?: string | undefined
  readonly deadLetterTarget?: string | undefined
  readonly vpc?: Vpc | undefined
  readonly fileSystems?: readonly { readonly Arn: string; readonly LocalMountPath: string }[] | undefined
  readonly image?:
    | {
        readonly Command?: readonly string[]
        readonly EntryPoint?: readonly string[]
        readonly WorkingDirectory?: string
      }
    | undefined
  readonly layers: readonly AttachedLayer[]
  readonly snapStart: string
  readonly logging: Logging
}

/** The network that a function is attached to. */
export interface Vpc {
  readonly subnetIds: readonly string[]
  readonly securityGroupIds: readonly string[]
  readonly ipv6: boolean
}

/** How and where a function logs. */
export interface Logging {
  readonly format: string
  readonly group: string
  readonly applicationLevel?: string
  readonly systemLevel?: string
}

/** A layer stays with the functions that use it, also when its version is deleted: they hold its content themselves. */
export interface AttachedLayer {
  readonly arn: string
  readonly content: ZipPackage
}
