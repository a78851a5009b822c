/** Notifications of a bucket of which two would tell the same event. */
import type { Application, Resource } from '../application/model.ts'
import type { Value } from '../application/value.ts'
import { defineRule } from '../engine/rule.ts'

/** Two notifications of a bucket for the same event and objects. */
export const rule = defineRule({
  id: 'bucket-notifications-overlap',
  application(app, { report, turnTo }) {
    for (const bucket of app.ofType('AWS::S3::Bucket')) {
      turnTo(bucket)
      const told: Notification[] = []
      for (const one of notificationsOf(app, bucket)) {
        const earlier = told.find(other => overlaps(one, other))
        if (earlier)
          report({
            at: one.at,
            message: `Two notifications of ${bucket.id} are for ${one.event} of the same objects`,
            help:
              'S3 refuses them: give each a prefix or suffix that the other has not, or let one target hand the ' +
              'event on (SNS, EventBridge)',
            related: [{ at: earlier.at, message: 'the other one' }],
          })
        told.push(one)
      }
    }
  },
})

interface Notification {
  readonly at: Value
  readonly event: string
  readonly prefix: string
  readonly suffix: string
}

function notificationsOf(app: Application, bucket: Resource): readonly Notification[] {
  const own = ['LambdaConfigurations', 'QueueConfigurations', 'TopicConfigurations'].flatMap(list =>
    bucket.property('NotificationConfiguration', list).items(),
  )
  const ofFunctions = app.functions.flatMap(fn =>
    fn.events
      .filter(event => event.kind === 's3' && event.declaredBy === 'sam' && event.resource === bucket)
      .map(event => event.properties),
  )
  return [...own, ...ofFunctions].flatMap(readNotification)
}

/** What a notification is for; nothing where a part of it is not known. */
function readNotification(item: Value): readonly Notification[] {
  const events = [item.at('Event'), item.at('Events')].flatMap(value => value.items('single'))
  const rules = item.at('Filter', 'S3Key', 'Rules')
  if (item.open || rules.isUnknown || item.at('Filter').isUnknown) return []
  const texts = rules.items().map(rule => [rule.at('Name').string()?.toLowerCase(), rule.at('Value').string()] as const)
  if (texts.some(([name, value]) => name === undefined || value === undefined)) return []
  const filter = (wanted: string): string => texts.find(([name]) => name === wanted)?.[1] ?? ''
  return events.flatMap(event => {
    const text = event.string()
    return text === undefined ? [] : [{ at: item, event: text, prefix: filter('prefix'), suffix: filter('suffix') }]
  })
}

function overlaps(one: Notification, other: Notification): boolean {
  if (one.at === other.at) return false
  const covers = (wide: string, narrow: string): boolean =>
    wide === narrow || (wide.endsWith('*') && narrow.startsWith(wide.slice(0, -1)))
  return (
    (covers(one.event, other.event) || covers(other.event, one.event)) &&
    (one.prefix.startsWith(other.prefix) || other.prefix.startsWith(one.prefix)) &&
    (one.suffix.endsWith(other.suffix) || other.suffix.endsWith(one.suffix))
  )
}
