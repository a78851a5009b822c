/** What an endpoint may be able to do beyond the API itself; see spec/GRAMMAR.md. */
export const CAPABILITIES = [
  'create',
  'invoke',
  'node',
  'python',
  'provided',
  'async',
  'logs',
  'sqs',
  'kinesis',
  'dynamodb',
  'signing',
  'vpc',
  'destinations',
  'auth',
] as const
