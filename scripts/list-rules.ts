/**
 * Writes analyzer/rules/index.ts: one line for each rule file, sorted. Build and typecheck run it; the file is not
 * committed, so that rules can be added side by side.
 */
import { readdirSync, writeFileSync } from 'node:fs'

const folder = new URL('../analyzer/rules/', import.meta.url)

/** The text of the index for the rules that are there. */
function ruleIndex(): string {
  const ids = readdirSync(folder)
    .filter(name => /^[a-z0-9-]+\.ts$/.test(name) && name !== 'index.ts')
    .map(name => name.replace(/\.ts$/, ''))
    .sort()
  const camel = (id: string): string => id.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
  return [
    '// Written by scripts/list-rules.ts from the files of this folder; `npm run rules` writes it anew.',
    "import type { Rule } from '../engine/rule.ts'",
    ...ids.map(id => `import { rule as ${camel(id)} } from './${id}.ts'`),
    '',
    '/** Every rule, sorted by id. */',
    'export const rules: readonly Rule[] = [',
    ...ids.map(id => `  ${camel(id)},`),
    ']',
    '',
  ].join('\n')
}

if (process.argv[1]?.endsWith('list-rules.ts')) writeFileSync(new URL('index.ts', folder), ruleIndex())
