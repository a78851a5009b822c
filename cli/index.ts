/** What `import … from 'lambdacheck'` gives: help to write a configuration with types. */
export { defineConfig } from '../suites/endpoint/config.ts'
export type {
  Config,
  EndpointConfig,
  Ready,
  SetupRequest,
  StartConfig,
  StaticCredentials,
} from '../suites/endpoint/config.ts'
