/** What the shared AWS configuration files say of a profile. */

export interface Profile {
  readonly name: string
  readonly region?: string
  /** Its `endpoint_url`, that of the service `lambda` before the general one. */
  readonly endpointUrl?: string
}

type Env = { readonly [name: string]: string | undefined }

/** Files that are missing or unreadable say nothing. `profile` absent: `AWS_PROFILE`, then `default`. */
export async function readProfile(env: Env, profile: string | undefined): Promise<Profile> {
  const name = profile ?? env['AWS_PROFILE'] ?? 'default'
  const { loadSharedConfigFiles } = await import('@smithy/core/config')
  const files = await loadSharedConfigFiles({
    ...(env['AWS_CONFIG_FILE'] === undefined ? {} : { configFilepath: env['AWS_CONFIG_FILE'] }),
    ...(env['AWS_SHARED_CREDENTIALS_FILE'] === undefined ? {} : { filepath: env['AWS_SHARED_CREDENTIALS_FILE'] }),
  }).catch(() => ({ configFile: {}, credentialsFile: {} }))
  const sections = files.configFile as {
    readonly [section: string]: { readonly [key: string]: string | undefined } | undefined
  }
  const section = { ...(files.credentialsFile as typeof sections)[name], ...sections[name] }
  const services = section['services'] === undefined ? undefined : sections[`services.${section['services']}`]
  const endpointUrl = services?.['lambda.endpoint_url'] ?? section['endpoint_url']
  return {
    name,
    ...(section['region'] === undefined ? {} : { region: section['region'] }),
    ...(endpointUrl === undefined ||
    section['ignore_configured_endpoint_urls'] === 'true' ||
    env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'] === 'true'
      ? {}
      : { endpointUrl }),
  }
}
