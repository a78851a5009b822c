/** What `import … from 'lambdacheck'` gives: help to write a configuration with types. */
export { defineConfig } from '../config/config.ts'
export type {
  Config,
  EndpointConfig,
  Ready,
  SetupRequest,
  StartConfig,
  StaticCredentials,
} from '../config/config.ts'
