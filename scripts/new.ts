/** `npm run new rule|page|endpoint NAME`: writes the files to start from; what is to be filled in is marked `TODO`. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { messageOf } from '../base/message-of.ts'

type Files = { readonly [path: string]: string }

const KEBAB = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/

/** What can be started: the form of its name, an example of it, and its files. */
const KINDS: { readonly [kind: string]: { name: RegExp; example: string; files: (name: string) => Files } } = {
  rule: { name: KEBAB, example: 'sqs-policy-missing', files: ruleFiles },
  page: { name: /^[A-Z][A-Za-z0-9]*$/, example: 'PutFunctionConcurrency', files: actionFiles },
  endpoint: { name: KEBAB, example: 'my-emulator', files: endpointFiles },
}

/**
 * The files of a new rule, page or endpoint by their path from the root. Throws an `Error` with one sentence when kind
 * or name are wrong.
 * @example
 * newFiles('rule', 'sqs-policy-missing')
 */
export function newFiles(kind: string | undefined, name: string | undefined): Files {
  const known = kind !== undefined && Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined
  if (known === undefined || name === undefined)
    throw new Error(`usage: npm run new ${Object.keys(KINDS).join('|')} NAME`)
  if (!known.name.test(name)) throw new Error(`${name} is no name of a ${kind}; write it like ${known.example}`)
  return known.files(name)
}

function ruleFiles(id: string): Files {
  return {
    [`analyzer/rules/${id}.ts`]: `import { defineRule } from '../engine/rule.ts'

/** TODO: what is found, in one sentence. */
export const rule = defineRule({
  id: '${id}',
  fn(fn, context) {
    const { timeout } = fn
    // TODO: the real condition. A value that cannot be known makes the rule silent.
    if (timeout.number() !== 1) return
    context.report({ at: timeout, message: 'TODO: what is wrong, with the figures of this place', help: 'TODO: what to do' })
  },
})
`,
    [`spec/rules/${id}.md`]: `---
rule: ${id}
category: template
severity: warning
confidence: likely
proof: documentation
presets: recommended strict
guide: TODO
fixable: no
---
# TODO: what is found, as a title

TODO: why it matters.

## When not to use it
TODO

## What is not a finding
TODO

## Bad

\`\`\`yaml bad case=sam finds=1
${templateWith(1)}
\`\`\`

## Good

\`\`\`yaml good case=sam
${templateWith(30)}
\`\`\`
`,
  }
}

const templateWith = (timeout: number): string => `Transform: AWS::Serverless-2016-10-31
Resources:
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: nodejs22.x
      InlineCode: exports.handler = async () => 1
      Timeout: ${timeout}`

function actionFiles(action: string): Files {
  return {
    [`spec/api/${action}.md`]: `---
action: ${action}
http: GET /2015-03-31/functions/{FunctionName}/todo
profile: functions
guide: API_${action}
needs: function
---
# ${action}

TODO: what it does, in one sentence.

## Request

| Member | In | Type | Required | Constraints |
| --- | --- | --- | --- | --- |
| FunctionName | uri | string | yes | \`length 1..140\` |

\`\`\`request
FunctionName: $function.FunctionName
\`\`\`

## Response 200

| Member | In | Type | Required | Constraints |
| --- | --- | --- | --- | --- |
| TODO | body | string | no |  |

## Errors

| Error | Status | When |
| --- | --- | --- |
| ResourceNotFoundException | 404 | the function does not exist |

\`\`\`request error=ResourceNotFoundException
FunctionName: !unknown name
\`\`\`
`,
  }
}

function endpointFiles(name: string): Files {
  return {
    [`endpoints/${name}.yaml`]: `# TODO: what it is, and how it is installed.
name: ${name}
url: http://127.0.0.1:0
region: us-east-1
start:
  command: TODO --host 127.0.0.1 --port $PORT
  timeout: 60
`,
  }
}

/** Writes new files below a folder; throws before it writes any when one is there already. */
export function writeNew(root: string, files: Files): void {
  for (const file of Object.keys(files))
    if (existsSync(path.join(root, file))) throw new Error(`${file} is there already`)
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
    writeFileSync(path.join(root, file), text)
  }
}

if (process.argv[1]?.endsWith('new.ts')) {
  const [kind, name] = process.argv.slice(2)
  try {
    const files = newFiles(kind, name)
    writeNew(fileURLToPath(new URL('..', import.meta.url)), files)
    for (const file of Object.keys(files)) console.log(file)
    console.log(`docs/how-to/${kind === 'page' ? 'action' : kind}.md says what comes next`)
  } catch (error) {
    console.error(messageOf(error))
    process.exitCode = 2
  }
}
