/** The settings of the linter, from the configuration of a folder and from the command line. */
import type { RuleNames } from '../analyzer/engine/rule-names.ts'
import { isObject } from '../base/is-object.ts'
import type { LintConfig, RuleLevel } from '../config/config.ts'
import { findConfig } from '../config/find-config.ts'
import type { RulePage } from '../spec/model.ts'
import { UsageError } from '../base/usage-error.ts'

/** What a run of `lint` goes by. */
export interface LintSettings {
  readonly config: LintConfig
  /** Of the command line, under the present ids of the rules. */
  readonly levels: ReadonlyMap<string, RuleLevel>
  /** Pages of the rules that the configuration brings along, by id. */
  readonly ownPages: { readonly [id: string]: RulePage }
}

/** Where the settings of a run come from. */
export interface SettingsRequest {
  /** Levels of the command line. */
  readonly written?: ReadonlyMap<string, RuleLevel> | undefined
  /** The configuration file; absent: the one that is found. */
  readonly named?: string | undefined
  /** Configuration that is code may be run. */
  readonly code: boolean
}

/**
 * The `lint` section of the configuration, when there is one; loading its reader takes time that most runs need not
 * spend.
 *
 * @throws UsageError for rules that there are not, and for a configuration that is wrong
 */
export async function readLintSettings(
  folder: string,
  { written = new Map(), named, code }: SettingsRequest,
): Promise<LintSettings> {
  const search = { code }
  const { file, passedOver } = findConfig(folder, search)
  const present = named !== undefined || file !== undefined || passedOver.length > 0
  if (!present && !written.size) return { config: {}, levels: written, ownPages: {} }
  const { loadSpec } = await import('../spec/compiler/compile.ts')
  const { ruleNames } = await import('../analyzer/engine/rule-names.ts')
  const { rules } = loadSpec()
  let names = ruleNames(rules)
  if (!present) return { config: {}, levels: await presentLevels(written, names), ownPages: {} }
  const { loadConfig } = await import('../config/load-config.ts')
  const { unknownRules, withPresentIds } = await import('../analyzer/settings.ts')
  const { readOwnRules } = await import('../analyzer/own-rules.ts')
  let ownPages: LintSettings['ownPages'] = {}
  const { config } = await loadConfig(folder, {
    ...search,
    named,
    checkLint: section => {
      const own = readOwnRules(isObject(section) ? section['ownRules'] : undefined, names.known)
      ownPages = own.pages
      names = ruleNames({ ...rules, ...ownPages })
      return [...own.problems, ...unknownRules(section, names)]
    },
    warn: text => process.stderr.write(`warning: ${text}\n`),
  })
  return { config: withPresentIds(config.lint ?? {}, names), levels: await presentLevels(written, names), ownPages }
}

/** The levels of the command line under the present ids of the rules. */
async function presentLevels(
  written: ReadonlyMap<string, RuleLevel>,
  names: RuleNames,
): Promise<ReadonlyMap<string, RuleLevel>> {
  const { didYouMean } = await import('../base/suggest.ts')
  for (const rule of written.keys())
    if (!names.known.has(rule)) throw new UsageError(`there is no rule ${rule}${didYouMean(rule, names.known)}`)
  return new Map([...written].map(([rule, level]) => [names.present(rule), level]))
}

/** As CI systems set it; `CI=false` is what people say who want to be none. */
export function isCi(value: string | undefined): boolean {
  return value !== undefined && !['', '0', 'false'].includes(value.toLowerCase())
}
