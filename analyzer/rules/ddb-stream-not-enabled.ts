import { defineRule } from '../engine/rule.ts'

/** An event of a table that has no stream, or of the table where its stream is meant: the deployment fails. */
export const rule = defineRule({
  id: 'ddb-stream-not-enabled',
  fn(fn, { report }) {
    for (const event of fn.events) {
      const table = event.resource
      if (event.kind !== 'dynamodb' || table?.type !== 'AWS::DynamoDB::Table') continue
      if (table.property('StreamSpecification').isAbsent) {
        report({
          at: event.source,
          message: `${event.id} reads the stream of ${table.id}, which has none`,
          help: 'Give the table a StreamSpecification, such as {StreamViewType: NEW_AND_OLD_IMAGES}',
          related: [{ at: table, message: `${table.id} has no StreamSpecification` }],
        })
      } else if (event.source.reference && event.source.reference.attribute !== 'StreamArn') {
        report({
          at: event.source,
          message:
            `${event.id} names the ` +
            `${event.source.reference.attribute === 'Ref' ? 'name' : event.source.reference.attribute} of ` +
            `${table.id}: the stream is its StreamArn`,
          help: `Write !GetAtt ${table.id}.StreamArn`,
        })
      }
    }
  },
})
