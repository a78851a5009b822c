/** What a user may set: the `lint` section of the configuration and the options of the command. */
import { isObject } from '../base/is-object.ts'
import { didYouMean } from '../base/suggest.ts'
import type { LintConfig, Preset, RuleLevel } from '../config/config.ts'
import picomatch from 'picomatch'
import type { RulePage } from '../spec/model.ts'
import type { RuleNames } from './engine/rule-names.ts'

/** Sentences about the rules of a `lint` section that do not exist; its shape need not be right. */
export function unknownRules(section: unknown, names: RuleNames): readonly string[] {
  if (!isObject(section)) return []
  const { rules, overrides } = section
  const maps = [
    ['lint.rules', rules] as const,
    ...(Array.isArray(overrides) ? overrides : []).map(
      (one: unknown, index) => [`lint.overrides[${index}].rules`, isObject(one) ? one['rules'] : undefined] as const,
    ),
  ]
  return maps.flatMap(([where, map]) =>
    Object.keys(isObject(map) ? map : {})
      .filter(rule => !names.known.has(rule))
      .map(rule => `${where} names the rule ${rule}, which does not exist${didYouMean(rule, names.known)}`),
  )
}

/** The section with every rule under its present id. */
export function withPresentIds(config: LintConfig, names: RuleNames): LintConfig {
  const renamed = <T>(rules: { readonly [rule: string]: T }): { readonly [rule: string]: T } =>
    Object.fromEntries(Object.entries(rules).map(([rule, level]) => [names.present(rule), level]))
  return {
    ...config,
    ...(config.rules && { rules: renamed(config.rules) }),
    ...(config.overrides && { overrides: config.overrides.map(it => ({ ...it, rules: renamed(it.rules) })) }),
  }
}

/**
 * The level of a rule in a file: what the command says, else the last override that fits, else the configuration, else
 * the preset.
 */
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
    if (configured !== undefined) return typeof configured === 'string' ? configured : configured[0]
    const page = pages[rule]
    if (preset === 'all') return page?.presets.length ? (page.severities['security'] ?? page.severity) : 'off'
    return page?.presets.includes(preset) ? (page.severities[preset] ?? page.severity) : 'off'
  }
}

/** Whether findings of a rule are wanted that are of use to few: with `strict`, and where somebody asks for the rule. */
export const isThorough = (
  rule: string,
  preset: Preset,
  config: LintConfig,
  command: ReadonlyMap<string, RuleLevel>,
): boolean =>
  preset === 'strict' ||
  preset === 'all' ||
  command.has(rule) ||
  config.rules?.[rule] !== undefined ||
  (config.overrides ?? []).some(override => override.rules[rule] !== undefined)

/** Whether a rule can have a finding in any file: those that cannot are not run. */
export function mayReport(
  rule: string,
  resolve: (rule: string, file: string) => RuleLevel,
  config: LintConfig,
): boolean {
  if (resolve(rule, '') !== 'off') return true
  return (config.overrides ?? []).some(override => override.rules[rule] !== undefined && override.rules[rule] !== 'off')
}

/**
 * Whether a project path fits one of the patterns; a pattern without a slash fits at any depth, and a folder all that
 * is in it.
 */
export function pathMatcher(patterns: readonly string[]): (path: string) => boolean {
  if (!patterns.length) return () => false
  const wide = patterns.flatMap(pattern => {
    const plain = pattern.replace(/^\.\//, '').replace(/\/$/, '')
    const anywhere = plain.includes('/') ? plain : `**/${plain}`
    return [anywhere, `${anywhere}/**`]
  })
  return picomatch(wide, { dot: true })
}
