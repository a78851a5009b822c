/** Writes handler files for the linters to read: the shapes that projects have, each file with names of its own. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const SHAPES: readonly ((n: number) => string)[] = [
  n => `import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda'

const client = new DynamoDBClient({})
const table${n} = process.env.TABLE_NAME

interface Order${n} { id: string; amount: number; lines: { sku: string; count: number }[] }

function total(order: Order${n}): number {
  let sum = 0
  for (const line of order.lines) {
    if (line.count > 0) sum += line.count * order.amount
    else console.warn('empty line', line.sku)
  }
  return sum
}

export const handler = async (event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> => {
  const id = event.pathParameters?.id ?? 'none'
  try {
    const found = await client.send(new GetItemCommand({ TableName: table${n}, Key: { id: { S: id } } }))
    if (!found.Item) return { statusCode: 404, body: JSON.stringify({ message: 'not found ${n}' }) }
    const order: Order${n} = JSON.parse(found.Item.order?.S ?? '{}')
    await client.send(new PutItemCommand({ TableName: table${n}, Item: { id: { S: id }, total: { N: String(total(order)) } } }))
    return { statusCode: 200, body: JSON.stringify(order) }
  } catch (error) {
    console.error('failed', error)
    return { statusCode: 500, body: '{}' }
  }
}
`,
  n => `import { SQSEvent, SQSBatchResponse } from 'aws-lambda'
import { S3Client, PutObjectCommand } from '@aws-sdk/client-s3'

const s3 = new S3Client({})
const bucket = process.env.BUCKET

async function store${n}(body: string, key: string): Promise<void> {
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: \`jobs/${n}/\${key}\`, Body: body }))
}

export const handler = async (event: SQSEvent): Promise<SQSBatchResponse> => {
  const failures: { itemIdentifier: string }[] = []
  for (const record of event.Records) {
    try {
      const job = JSON.parse(record.body) as { key: string; payload: unknown }
      await store${n}(JSON.stringify(job.payload), job.key)
    } catch (error) {
      console.error(record.messageId, error)
      failures.push({ itemIdentifier: record.messageId })
    }
  }
  return { batchItemFailures: failures }
}
`,
  n => `import type { ScheduledEvent } from 'aws-lambda'

const started${n} = Date.now()
let runs${n} = 0

class Report${n} {
  private readonly rows = new Map<string, number>()
  add(name: string, value: number): this {
    this.rows.set(name, (this.rows.get(name) ?? 0) + value)
    return this
  }
  print(): string {
    return [...this.rows].map(([name, value]) => \`\${name}: \${value}\`).join('\\n')
  }
}

export async function handler(event: ScheduledEvent): Promise<string> {
  runs${n} += 1
  const report = new Report${n}().add('runs', runs${n}).add('uptime', Date.now() - started${n})
  const names = Array.from({ length: 5 }, (_, index) => \`part-\${index}\`)
  await Promise.all(names.map(async (name) => { report.add(name, name.length) }))
  console.log(event.time, report.print())
  return report.print()
}
`,
]

/** `count` files below `folder/src`, with a tsconfig; the same text for the same count. */
export function writeHandlers(folder: string, count: number): void {
  for (let n = 0; n < count; n += 1) {
    const file = join(folder, 'src', `group-${Math.floor(n / 100)}`, `handler-${n}.ts`)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, SHAPES[n % SHAPES.length]?.(n) ?? '')
  }
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        target: 'es2022',
        module: 'esnext',
        moduleResolution: 'bundler',
        strict: true,
        noEmit: true,
        skipLibCheck: true,
        types: [],
      },
      include: ['src'],
    }),
  )
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'handlers', private: true, type: 'module' }))
}
