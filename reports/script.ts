/** The script that shows one failure again, by itself: set-up, the request, the look, and clean-up. */
import { readAsset } from './assets.ts'
import { awsPageOf } from './aws-page.ts'
import type { CaseResult, Evidence } from './evidence.ts'
import { plainLine } from './plain.ts'
import { isValidation } from './unvalidated.ts'

/**
 * An ES module for Node.js, which whoever runs lambdacheck has: no package is needed, and no jq or a certain curl as in
 * a shell. It signs with the credentials of its environment; none are in it. Undefined where the result does not hold
 * what it takes.
 */
export function scriptOf(
  result: CaseResult,
  { endpoint, tool }: Pick<Evidence, 'endpoint' | 'tool'>,
): string | undefined {
  const steps = result.reproduce?.steps
  const last = steps?.filter(step => step.part === 'case').at(-1)
  if (steps === undefined || last === undefined || endpoint === undefined) return undefined
  const [telling] = result.mismatches ?? []
  const { path, actual } = telling ?? memberOf(result)
  const report = {
    id: result.id,
    clause: plainLine(result.clause.text, 400),
    url: endpoint.url,
    region: endpoint.region,
    expected: plainLine(result.expected ?? 'otherwise', 600),
    came: plainLine(result.actual ?? result.reason ?? '', 600),
    status: last.came,
    ...(last.error === undefined ? {} : { error: last.error }),
    refusals: refusalsOf(result),
    ...(path === undefined || path === '' ? {} : { path, actual: actual ?? '' }),
    ...patienceOf(result),
  }
  const page = result.action === undefined ? undefined : awsPageOf(result.action)
  return [
    '#!/usr/bin/env node',
    `// ${plainLine(result.id, 300)}, written by lambdacheck ${plainLine(tool.version, 40)}. ` +
      'Run it with Node.js: node FILE',
    `// ${plainLine(result.title, 300)}; spec/${plainLine(result.clause.page, 120)}:${result.clause.line}`,
    ...(page === undefined ? [] : [`// ${page}`]),
    '// It makes what it needs, sends the request, looks at the answer, and deletes what it made, ' +
      'unless KEEP=1. It ends with 1 while the failure is there, with 0',
    '// when it is gone, with 2 when it could not look. LAMBDACHECK_URL is another endpoint than that of the ' +
      'run; AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and',
    '// AWS_SESSION_TOKEN are the credentials.',
    readAsset('render/reproduce.mjs')
      .replace('const REPORT = {}', () => `const REPORT = ${JSON.stringify(report, null, 2)}`)
      .replace(
        'const STEPS = []',
        () => `const STEPS = [\n${steps.map(step => `  ${JSON.stringify(step)},\n`).join('')}]`,
      ),
  ].join('\n')
}

/** A file name for a case id, the same for the same id, and for no other of the run. */
export function scriptName(id: string): string {
  return `${id
    .replace(/[^\w.#-]+/g, '_')
    .replaceAll('#', '--')
    .slice(0, 180)}.mjs`
}

/** `Description: "of another"`, as laws and models say what came. */
function memberOf({ actual = '' }: CaseResult): { readonly path?: string; readonly actual?: string } {
  const [, path, value] = /^([$A-Z][\w.$-]*): (.+)$/s.exec(actual) ?? []
  return path === undefined || value === undefined ? {} : { path, actual: value }
}

/** The refusals that would be right, where one is due. */
function refusalsOf(result: CaseResult): readonly { readonly error: string; readonly status?: number }[] {
  const { expected = '', clause } = result
  if (/^(?:400|4\d\d) or\b|^a refusal of .*?: /.test(expected) || isValidation(result))
    return [...expected.matchAll(/\b(4\d\d) ([A-Z]\w+)/g)].map(([, status, error = '']) => ({
      error,
      status: Number(status),
    }))
  if (clause.kind === 'error')
    return [...expected.matchAll(/\b([A-Z]\w+(?:Exception|Error)) with status (4\d\d)/g)].map(
      ([, error = '', status]) => ({
        error,
        status: Number(status),
      }),
    )
  if (!/ to fail with | to answer with [A-Z]\w+Exception/.test(expected)) return []
  return [...expected.matchAll(/\b([A-Z]\w+(?:Exception|Error))(?: \((4\d\d)\))?/g)].map(([, error = '', status]) => ({
    error,
    ...(status === undefined ? {} : { status: Number(status) }),
  }))
}

/** How long the run has waited for something else. */
function patienceOf({ reason = '' }: CaseResult): { readonly patienceMs?: number } {
  const seconds = /stayed so for (\d{1,3}) seconds/.exec(reason)?.[1]
  return seconds === undefined ? {} : { patienceMs: Number(seconds) * 1000 }
}
