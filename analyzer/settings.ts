/** What a user may set: the `lint` section of the configuration and the options of the command. */
import { isObject } from '../base/is-object.ts'
import picomatch from 'picomatch'
import type { RulePage } from '../spec/model.ts'
import type { RuleNames } from './rule-names.ts'
import type { Severity } from './engine/run.ts'

export type RuleLevel = Severity | 'off'
export type Preset = 'recommended' | 'strict' | 'security'

export const PRESETS: readonly Preset[] = ['recommended', 'strict', 'security']
export const LEVELS: readonly RuleLevel[] = ['error', 'warning', 'info', 'off']

/** The `lint` section of `lambdacheck.config.*`. */
export interface LintConfig {
  /** `recommended` when absent. */
  readonly preset?: Preset
  /** Level of single rules, on or off whatever the preset says; with options where the rule takes some. */
  readonly rules?: { readonly [rule: string]: RuleLevel | readonly [RuleLevel, unknown] }
  /** Files that are not looked at, as patterns relative to the project. */
  readonly ignore?: readonly string[]
  /** Templates to read instead of those found. */
  readonly templates?: readonly string[]
  /** Other levels for some files; later ones win. */
  readonly overrides?: readonly {
    readonly files: readonly string[]
    readonly rules: { readonly [rule: string]: RuleLevel }
  }[]
}

/**
 * Checks the shape of a `lint` section.
 * @returns the section with the present ids of its rules, or what is wrong with it: one sentence each.
 */
export function readLintConfig(
  value: unknown,
  names: RuleNames,
): { readonly config: LintConfig; readonly errors: readonly string[] } {
  const errors: string[] = []
  if (value === undefined) return { config: {}, errors }
  if (!isObject(value)) return { config: {}, errors: ['`lint` must be an object'] }
  for (const key of Object.keys(value))
    if (!['preset', 'rules', 'ignore', 'templates', 'overrides'].includes(key))
      errors.push(`\`lint.${key}\` is not a setting`)
  if (value['preset'] !== undefined && !PRESETS.includes(value['preset'] as Preset))
    errors.push(`\`lint.preset\` must be one of ${PRESETS.join(', ')}`)
  const levels = (rules: unknown, where: string): void => {
    if (!isObject(rules)) {
      errors.push(`\`${where}\` must be an object of rules and levels`)
      return
    }
    for (const [rule, level] of Object.entries(rules)) {
      if (!names.known.has(rule)) errors.push(`\`${where}\` names the rule ${rule}, which does not exist`)
      else if (!LEVELS.includes((Array.isArray(level) ? level[0] : level) as RuleLevel))
        errors.push(`\`${where}.${rule}\` must be one of ${LEVELS.join(', ')}`)
    }
  }
  const patterns = (list: unknown, where: string): void => {
    if (!Array.isArray(list) || list.some(one => typeof one !== 'string'))
      errors.push(`\`${where}\` must be a list of paths`)
  }
  if (value['rules'] !== undefined) levels(value['rules'], 'lint.rules')
  if (value['ignore'] !== undefined) patterns(value['ignore'], 'lint.ignore')
  if (value['templates'] !== undefined) patterns(value['templates'], 'lint.templates')
  if (value['overrides'] !== undefined) {
    if (!Array.isArray(value['overrides'])) errors.push('`lint.overrides` must be a list')
    else
      for (const [index, override] of value['overrides'].entries()) {
        patterns(isObject(override) ? override['files'] : undefined, `lint.overrides[${index}].files`)
        levels(isObject(override) ? override['rules'] : undefined, `lint.overrides[${index}].rules`)
      }
  }
  return { config: errors.length ? {} : withPresentIds(value as LintConfig, names), errors }
}

/** The section with every rule under its present id. */
function withPresentIds(config: LintConfig, names: RuleNames): LintConfig {
  const renamed = <T>(rules: { readonly [rule: string]: T }): { readonly [rule: string]: T } =>
    Object.fromEntries(Object.entries(rules).map(([rule, level]) => [names.present(rule), level]))
  return {
    ...config,
    ...(config.rules && { rules: renamed(config.rules) }),
    ...(config.overrides && { overrides: config.overrides.map(it => ({ ...it, rules: renamed(it.rules) })) }),
  }
}

/** The level of a rule in a file: what the command says, else the last override that fits, else the configuration, else the preset. */
export function levelResolver(
  pages: { readonly [rule: string]: RulePage },
  preset: Preset,
  config: LintConfig,
  command: ReadonlyMap<string, RuleLevel>,
): (rule: string, file: string) => RuleLevel {
  const overrides = (config.overrides ?? [])
    .map(override => ({ rules: override.rules, matches: pathMatcher(override.files) }))
    .reverse()
  return (rule, file) => {
    const told = command.get(rule)
    if (told !== undefined) return told
    for (const override of overrides) {
      const level = override.rules[rule]
      if (level !== undefined && override.matches(file)) return level
    }
    const configured = config.rules?.[rule]
    if (configured !== undefined) return typeof configured === 'string' ? configured : (configured[0] as RuleLevel)
    const page = pages[rule]
    return page?.presets.includes(preset) ? page.severity : 'off'
  }
}

/** Whether a rule can have a finding in any file: those that cannot are not run. */
export function mayReport(
  rule: string,
  resolve: (rule: string, file: string) => RuleLevel,
  config: LintConfig,
): boolean {
  if (resolve(rule, '') !== 'off') return true
  return (config.overrides ?? []).some(override => override.rules[rule] !== undefined && override.rules[rule] !== 'off')
}

/** Whether a project path fits one of the patterns; a pattern without a slash fits at any depth, and a folder all that is in it. */
export function pathMatcher(patterns: readonly string[]): (path: string) => boolean {
  if (!patterns.length) return () => false
  const wide = patterns.flatMap(pattern => {
    const plain = pattern.replace(/^\.\//, '').replace(/\/$/, '')
    const anywhere = plain.includes('/') ? plain : `**/${plain}`
    return [anywhere, `${anywhere}/**`]
  })
  return picomatch(wide, { dot: true })
}
