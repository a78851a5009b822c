/**
 * What `import … from 'lambdacheck'` gives: the commands as functions, and help to write a configuration with types.
 */
export { defineConfig } from '../config/config.ts'
export type {
  Config,
  EndpointConfig,
  LintConfig,
  Preset,
  Ready,
  RuleLevel,
  SetupRequest,
  StartConfig,
  StaticCredentials,
} from '../config/config.ts'
export { certify, lint, loadSpec } from './library.ts'
export {
  createOracle,
  type AnswerProblem,
  type Oracle,
  type RawAnswer,
  type RequestProblem,
} from '../suites/oracle/create-oracle.ts'
/**
 * Generated events of every kind of source, as `lambdacheck/events` has them.
 *
 * @since 0.1.0
 */
export * as events from '../suites/events/index.ts'
export type { CertifyRequest, LintRequest } from './library.ts'
export type { LintResult } from '../analyzer/lint.ts'
export type {
  CaseResult,
  Evidence,
  Finding,
  LintRecord,
  ProfileVerdict,
  RuleVerdicts,
  Verdict,
} from '../reports/evidence.ts'
export type { Spec } from '../spec/model.ts'
