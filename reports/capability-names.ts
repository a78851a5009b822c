/** Capabilities in words that follow "without". */
const NAMES: { readonly [capability: string]: string } = {
  auth: 'checked signatures',
  async: 'asynchronous events',
  create: 'creating functions',
  destinations: 'destinations',
  'extension-processes': 'extensions that are processes',
  folders: 'folders of its own',
  journal: 'queues that functions reach',
  dynamodb: 'DynamoDB',
  invoke: 'running functions',
  kinesis: 'Kinesis',
  logs: 'logs',
  'log-subscriptions': 'the Logs API',
  'function-urls': 'function URLs',
  'cloudwatch-logs': 'CloudWatch Logs',
  node: 'Node.js',
  provided: 'runtimes of your own',
  python: 'Python',
  signing: 'code signing',
  sqs: 'SQS',
  'static-runtime': 'programs as runtimes',
  vpc: 'networks',
}

/** What a certificate is called: `invoke`, or `invoke without logs and SQS` when these were not there to be asked. */
export function certificateName({
  profile,
  without = [],
}: {
  readonly profile: string
  readonly without?: readonly string[]
}): string {
  if (without.length === 0) return profile
  const names = without.map(one => NAMES[one] ?? one)
  const last = names.at(-1) ?? ''
  return `${profile} without ${names.length === 1 ? last : `${names.slice(0, -1).join(', ')} and ${last}`}`
}
