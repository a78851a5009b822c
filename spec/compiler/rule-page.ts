/** `spec/rules/<rule>.md`: one rule of the linter, with its examples. */
import type { RuleExample, RulePage } from '../model.ts'
import { readCovers } from './common.ts'
import { checkAttributes, readInfo } from './info.ts'
import type { Fence } from './markdown.ts'
import { fencesOf, readWord, summaryOf, titleOf, type Page, type Reading, type Word } from './page.ts'
import type { Report } from './report.ts'

const SEVERITIES = ['error', 'warning', 'info'] as const
const CONFIDENCES = ['certain', 'likely'] as const
const PROOFS = ['recorded', 'reported', 'schema', 'language', 'documentation', 'policy'] as const
/** What no deployment can answer otherwise. */
const FIRM: readonly string[] = ['recorded', 'reported', 'schema', 'language']
type Severity = (typeof SEVERITIES)[number]
const FIXES = ['fix', 'suggestion', 'no'] as const
const PRESETS = ['recommended', 'strict', 'security'] as const
const ATTRIBUTES = ['case', 'file', 'finds', 'at', 'size'] as const

/** The file that an example is when it does not say: by the language of its fence. */
const FILES: { readonly [language: string]: string } = {
  ts: 'index.ts',
  typescript: 'index.ts',
  tsx: 'index.tsx',
  js: 'index.js',
  javascript: 'index.js',
  mjs: 'index.mjs',
  cjs: 'index.cjs',
  mts: 'index.mts',
  cts: 'index.cts',
  jsx: 'index.jsx',
  py: 'index.py',
  python: 'index.py',
  yaml: 'template.yaml',
  yml: 'template.yaml',
  json: 'template.json',
  tf: 'main.tf',
  hcl: 'main.tf',
  terraform: 'main.tf',
}

/** Reads `spec/rules/<rule>.md`: front matter, summary, and the fenced examples. */
export function readRule(page: Page, reading: Reading): RulePage {
  const { report } = reading
  const category = page.front.text('category')
  if (category === undefined) report.error(page.source, 'the front matter lacks its `category`')
  const severity = page.front.text('severity')
  if (severity === undefined)
    report.error(page.source, `the front matter lacks its \`severity\`: ${SEVERITIES.join(', ')}`)
  const confidence = page.front.text('confidence')
  if (confidence === undefined)
    report.error(page.source, `the front matter lacks its \`confidence\`: ${CONFIDENCES.join(', ')}`)
  else if (confidence.text === 'likely' && severity?.text === 'error')
    report.error(confidence.source, 'an error is certain: a rule that is only likely right is a warning')
  const proof = page.front.words('proof').map(word => readWord(word, 'proof', PROOFS, 'documentation', report))
  if (severity?.text === 'error' && proof.length && !proof.some(one => FIRM.includes(one)))
    report.error(
      severity.source,
      `an error is proved by one of ${FIRM.join(', ')}: a rule that rests on less is a warning`,
    )
  const examples = fencesOf(page).flatMap(fence => readExample(fence, reading) ?? [])
  for (const verdict of ['bad', 'good'] as const) {
    if (!examples.some(example => example.verdict === verdict))
      report.error(page.source, `the page has no \`${verdict}\` example`)
  }
  return {
    id: page.name,
    aliases: page.front.words('aliases').map(word => word.text),
    title: titleOf(page),
    category: category?.text ?? '',
    severity: readWord(severity, 'severity', SEVERITIES, 'warning', report),
    confidence: readWord(confidence, 'confidence', CONFIDENCES, 'likely', report),
    proof,
    severities: Object.fromEntries(page.front.words('severities').map(word => readSeverityOf(word, report))),
    presets: page.front.words('presets').map(word => readWord(word, 'preset', PRESETS, 'recommended', report)),
    guide: page.front.words('guide').map(word => word.text),
    fixable: readWord(page.front.text('fixable'), 'kind of fix', FIXES, 'no', report),
    covers: readCovers(page.front.words('covers'), reading),
    summary: summaryOf(page),
    examples,
    markdown: page.markdown,
    source: page.source,
  }
}

/** `security=error`: the severity in one preset. */
function readSeverityOf({ text, source }: Word, report: Report): readonly [preset: string, severity: Severity] {
  const [preset = '', severity = ''] = text.split('=')
  return [
    readWord({ text: preset, source }, 'preset', PRESETS, 'recommended', report),
    readWord({ text: severity, source }, 'severity', SEVERITIES, 'warning', report),
  ]
}

/** A fence with `bad` or `good` after its language; any other is there to be read. */
function readExample(fence: Fence, reading: Reading): RuleExample | undefined {
  const { report } = reading
  const info = readInfo(fence, report)
  const [language, verdict, ...more] = info.words
  if (language === undefined) return undefined
  if (verdict?.text !== 'bad' && verdict?.text !== 'good') {
    if (verdict !== undefined || info.attributes.size > 0)
      report.error(verdict?.source ?? fence.infoSource, 'an example is `bad` or `good`: `ts bad`, `yaml good`', {
        wrong: verdict?.text ?? '',
        known: ['bad', 'good'],
      })
    return undefined
  }
  for (const word of more) report.error(word.source, `\`${word.text}\` is no attribute; write \`name=value\``)
  checkAttributes(info, `${language.text} ${verdict.text}`, ATTRIBUTES, report)
  const value = (name: (typeof ATTRIBUTES)[number]): string | undefined => info.attributes.get(name)?.value
  const finds = info.attributes.get('finds')
  const at = info.attributes.get('at')
  if (finds !== undefined && !/^\d+$/.test(finds.value))
    report.error(finds.valueSource, '`finds` is a number of findings')
  if (at !== undefined && !/^\d+:\d+(,\d+:\d+)*$/.test(at.value))
    report.error(at.valueSource, '`at` is `LINE:COLUMN`, separated by commas')
  const size = info.attributes.get('size')
  if (size !== undefined && !/^\d+$/.test(size.value))
    report.error(size.valueSource, '`size` is the bytes of the file, which is filled up to it')
  const expected = finds ?? at
  if (verdict.text === 'good' && expected !== undefined)
    report.error(expected.source, 'nothing is found in a good example')
  const file = value('file') ?? FILES[language.text]
  if (file === undefined)
    report.error(fence.infoSource, `name the file of the example: \`${language.text} ${verdict.text} file=PATH\``)
  else if (file.startsWith('/') || file.split('/').includes('..'))
    report.error(
      info.attributes.get('file')?.valueSource ?? fence.infoSource,
      'the file of an example lies in the example: write a relative path without `..`',
    )
  const attributes = Object.fromEntries(
    [...info.attributes].filter(([name]) => name !== 'case' && name !== 'file').map(([name, one]) => [name, one.value]),
  )
  return {
    case: value('case') ?? `line ${fence.source.line}`,
    verdict: verdict.text,
    language: language.text,
    file: file ?? '',
    body: fence.content,
    attributes,
    source: { ...fence.source, line: fence.contentLine, column: 1 },
  }
}
