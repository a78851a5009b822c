/** Credentials to sign with. */
import type { EndpointConfig, StaticCredentials } from '../../config/config.ts'
import { isAwsHost, isLoopback } from '../wire/hosts.ts'
import { UsageError } from '../../base/usage-error.ts'

/** What emulators take when nobody cares. */
const DUMMY: StaticCredentials = { accessKeyId: 'test', secretAccessKey: 'test' }

/**
 * Those of the configuration, else those of the AWS chain. Of this machine's own endpoints the chain is only asked as
 * far as the environment and files go: it must not wait for a metadata service that does not exist. Throws a
 * `UsageError` when there are none.
 */
export async function resolveCredentials(
  config: Pick<EndpointConfig, 'url' | 'credentials'>,
  region: string,
  env: { readonly [name: string]: string | undefined },
): Promise<StaticCredentials> {
  const given = config.credentials
  if (given !== undefined && !('profile' in given)) return given
  const loopback = isLoopback(config.url)
  if (given === undefined) {
    const {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
    } = env
    if (accessKeyId && secretAccessKey)
      return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) }
    // Real credentials of a default profile have no business with an emulator on this machine.
    if (loopback && !env['AWS_PROFILE']) return DUMMY
  }
  const { defaultProvider } = await loadChain(config.url)
  try {
    const found = await defaultProvider({
      ...(given === undefined ? {} : { profile: given.profile }),
      clientConfig: { region },
      maxRetries: 0,
      timeout: 1000,
    })()
    return {
      accessKeyId: found.accessKeyId,
      secretAccessKey: found.secretAccessKey,
      ...(found.sessionToken === undefined ? {} : { sessionToken: found.sessionToken }),
    }
  } catch (error) {
    if (loopback && given === undefined) return DUMMY
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error)
    throw new UsageError(
      `no AWS credentials for ${config.url}: ${why}. Set AWS_PROFILE or AWS_ACCESS_KEY_ID, or give them in the ` +
        "endpoint's configuration.",
    )
  }
}

/** An optional peer: it is big, and who certifies an emulator does without. */
async function loadChain(url: string): Promise<typeof import('@aws-sdk/credential-provider-node')> {
  try {
    return await import('@aws-sdk/credential-provider-node')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new UsageError(
      `credentials for ${url} come from AWS's chain, which is not installed: ` +
        `\`npm install --save-dev @aws-sdk/credential-provider-node\`, or set AWS_ACCESS_KEY_ID and ` +
        'AWS_SECRET_ACCESS_KEY',
    )
  }
}

/** As AWS numbers keys: long-lived ones and those of roles. */
const REAL_KEY = /^(AKIA|ASIA)[A-Z0-9]{8,124}$/

/**
 * What to tell a person, once, before requests signed with what looks like keys of AWS go elsewhere; undefined when
 * they do not.
 */
export function credentialWarning(url: string, { accessKeyId, sessionToken }: StaticCredentials): string | undefined {
  if (!REAL_KEY.test(accessKeyId) || isAwsHost(url)) return undefined
  const sent = sessionToken === undefined ? 'signed with them' : 'signed with them and hold the session token'
  return (
    `these look like real AWS credentials (${accessKeyId.slice(0, 4)}…), and ${new URL(url).host} is not AWS: ` +
    `requests are ${sent}. An emulator takes any: AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test, ` +
    `or \`credentials\` in the endpoint's configuration.`
  )
}
