import { createHash } from 'node:crypto'
import { compareText } from '../../../base/compare-text.ts'

/** An attribute that the sender gave a message. */
export interface MessageAttribute {
  /** `String`, `Number` or `Binary`, with a suffix of the sender's after a dot. */
  readonly DataType: string
  readonly StringValue?: string | undefined
  /** Base64. */
  readonly BinaryValue?: string | undefined
}

/** The digest in hexadecimal, as the answers of SQS bear it. */
export function md5(content: string | Buffer): string {
  return createHash('md5').update(content).digest('hex')
}

/**
 * The digest by which SDKs check that attributes arrived: over name, type, kind and value of each, sorted by name,
 * every part preceded by its length as four bytes.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
 */
export function attributesDigest(attributes: { readonly [name: string]: MessageAttribute }): string {
  const parts: Buffer[] = []
  const add = (content: Buffer): void => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(content.length)
    parts.push(length, content)
  }
  for (const [name, attribute] of Object.entries(attributes).sort(([a], [b]) => compareText(a, b))) {
    add(Buffer.from(name))
    add(Buffer.from(attribute.DataType))
    const binary = attribute.BinaryValue !== undefined
    parts.push(Buffer.from([binary ? 2 : 1]))
    add(binary ? Buffer.from(attribute.BinaryValue, 'base64') : Buffer.from(attribute.StringValue ?? ''))
  }
  return md5(Buffer.concat(parts))
}
