/** Faults in the end of the log that comes back with a call. */
import { withJson, type Behaviour, type Fault } from './fault.ts'
import { isCallOf, type Members } from './requests.ts'

interface LogFault {
  readonly id: string
  readonly wrong: string
  readonly caught: readonly string[]
  /** Undefined: no log comes back. */
  readonly change: (log: string) => string | undefined
}

const SEEN: readonly LogFault[] = [
  {
    id: 'log-of-the-first-version',
    wrong: 'the first line names the first version, whichever the weights chose',
    caught: ['function-logs.version'],
    change: log => log.replace(/ Version: \d+\n/, ' Version: 1\n'),
  },
  {
    id: 'python-level-fixed',
    wrong: 'what Python logs below a warning is never seen',
    caught: ['function-logs.python'],
    change: log => log.replace(/\[INFO\][^\n]*\n/g, ''),
  },
  {
    id: 'log-tail-never',
    wrong: 'no log ever comes back',
    caught: ['invoke.sync.log-tail', 'function-logs.report', 'function-logs.streams'],
    change: () => undefined,
  },
  {
    id: 'log-without-report',
    wrong: 'the log has no line that reports what a call took',
    caught: ['function-logs.report', 'function-logs.init-once', 'function-logs.python'],
    change: log => log.replace(/REPORT RequestId[^\n]*\n/, ''),
  },
  {
    id: 'report-in-blanks',
    wrong: 'the fields of the report stand apart by blanks',
    caught: ['function-logs.report'],
    change: log => log.replaceAll('\t', ' '),
  },
  {
    id: 'report-of-another-size',
    wrong: 'the report names another memory size than that of the function',
    caught: ['function-logs.report'],
    change: log => log.replace(/Memory Size: \d+/, 'Memory Size: 128'),
  },
  {
    id: 'report-without-initialisation',
    wrong: 'the first report does not say what the initialisation took',
    caught: ['function-logs.report'],
    change: log => log.replace(/Init Duration: [\d.]+ ms\t?/, ''),
  },
  {
    id: 'initialised-with-every-call',
    wrong: 'every report says what the initialisation took',
    caught: ['function-logs.init-once'],
    change: log =>
      log.includes('Init Duration') ? log : log.replace(/(REPORT[^\n]*)\n/, '$1\tInit Duration: 9.00 ms\t\n'),
  },
  {
    id: 'duration-of-nothing',
    wrong: 'the report says of every call that it took a millisecond',
    caught: ['function-logs.report'],
    change: log =>
      log.replace(/\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms/, '\tDuration: 1.00 ms\tBilled Duration: 1 ms'),
  },
  {
    id: 'memory-beyond-memory',
    wrong: 'the report says that more memory was used than there is',
    caught: ['function-logs.report'],
    change: log => log.replace(/Max Memory Used: \d+/, 'Max Memory Used: 4096'),
  },
  {
    id: 'memory-unmeasured',
    wrong: 'the report says of every function that it used all of its memory',
    caught: ['function-logs.memory'],
    change: log =>
      log.replace(/Memory Size: (\d+) MB\tMax Memory Used: \d+/, 'Memory Size: $1 MB\tMax Memory Used: $1'),
  },
  {
    id: 'log-of-another-call',
    wrong: 'the lines of the log have another request id than the answer',
    caught: ['function-logs.report', 'function-logs.failed', 'function-logs.provided'],
    change: log => log.replace(/RequestId: [0-9a-f]{8}/g, 'RequestId: 00000000'),
  },
  {
    id: 'failed-calls-unlogged',
    wrong: 'the log of a call that failed has no last lines',
    caught: ['function-logs.failed'],
    change: log => (log.includes('on purpose') ? log.replace(/END RequestId[\s\S]*/, '') : log),
  },
  {
    id: 'timeout-unlogged',
    wrong: 'the log does not say that a call has timed out',
    caught: ['function-logs.failed'],
    change: log => log.replace(/[^\n]*timed out after[^\n]*\n/, ''),
  },
  {
    id: 'log-of-calls-before',
    wrong: 'the log begins with that of the calls before',
    caught: ['function-logs.own'],
    change: log => `of the first call\n${log}`,
  },
  {
    id: 'billed-below-duration',
    wrong: 'what is billed is the duration, rounded down',
    caught: ['function-logs.billed'],
    change: log => log.replace(/Billed Duration: (\d+)/, (_, whole: string) => `Billed Duration: ${Number(whole) - 1}`),
  },
  {
    id: 'log-of-latest',
    wrong: 'the first line names the unpublished version, whichever ran',
    caught: ['function-logs.version'],
    change: log => log.replace(/Version: \d+/, 'Version: $$LATEST'),
  },
  {
    id: 'log-without-errors',
    wrong: 'what is written to the stream for errors is not in the log',
    caught: ['function-logs.streams', 'function-logs.custom-runtime'],
    change: log => log.replace(/(?:to-stderr|a word to stderr)\n/, ''),
  },
  {
    id: 'log-without-output',
    wrong: 'what is written to the stream for output is not in the log',
    caught: ['function-logs.streams', 'invoke.sync.log-tail'],
    change: log => log.replace(/(?:to-stdout|marker-\d+)\n/, ''),
  },
  {
    id: 'log-from-its-beginning',
    wrong: 'of a long log the beginning comes back',
    caught: ['function-logs.end'],
    change: log => log.replace(/the-last[\s\S]*/, ''),
  },
  {
    id: 'log-of-loading-lost',
    wrong: 'what the code writes while it is loaded is lost',
    caught: ['function-logs.loading'],
    change: log => log.replace(/while it is loaded/, ''),
  },
  {
    id: 'console-without-request-id',
    wrong: "the console's lines lack the request id",
    caught: ['function-logs.node-console'],
    change: log => log.replace(/(Z\t)[0-9a-f-]{36}(\tINFO)/, '$1undefined$2'),
  },
  {
    id: 'python-prints-prefixed',
    wrong: 'what Python prints gets a prefix',
    caught: ['function-logs.python'],
    change: log => log.replace(/\nprinted\n/, '\n[INFO]\tprinted\n'),
  },
  {
    id: 'python-logs-bare',
    wrong: 'what Python logs has no level, time or request id',
    caught: ['function-logs.python'],
    change: log => log.replace(/\[WARNING\]\t[^\t]*\t[^\t]*\t/, ''),
  },
]

const kept = (id: string, wrong: string, caught: readonly string[], behaviour: () => Behaviour): Fault => ({
  id,
  wrong,
  caught: { property: caught.map(one => `cloudwatch-logs.${one}#property`) },
  behaviour,
})

/** Of the answers of one action of the log service, some items are missing, and the others changed. */
const keptChanged =
  (action: string, list: string, stays: (item: Members) => boolean, change: object = {}): Behaviour =>
  async (request, forward) => {
    const given = await forward()
    if (!isCallOf(request, 'Logs_', action)) return given
    return withJson(given, value => ({
      ...value,
      [list]: ((value[list] ?? []) as Members[]).filter(stays).map(item => ({ ...item, ...change })),
    }))
  }

export const LOG_FAULTS: readonly Fault[] = [
  ...SEEN.map(
    ({ id, wrong, caught, change }): Fault => ({
      id,
      wrong,
      caught: { property: caught.map(one => `${one}#property`) },
      behaviour: () => async (request, forward) => {
        const given = await forward()
        const { 'x-amz-log-result': log, ...headers } = given.headers
        if (request.action !== 'Invoke' || log === undefined) return given
        const changed = change(Buffer.from(log, 'base64').toString('utf8'))
        if (changed === undefined) return { ...given, headers }
        return { ...given, headers: { ...headers, 'x-amz-log-result': Buffer.from(changed).toString('base64') } }
      },
    }),
  ),
  {
    id: 'print-spoils-answer',
    wrong: 'what a function prints stands before its result',
    caught: { property: ['function-logs.streams#property'] },
    behaviour: () => async (request, forward) => {
      const given = await forward()
      if (request.action !== 'Invoke' || !request.body.includes('"log":"to-stdout"')) return given
      return { ...given, body: Buffer.concat([Buffer.from('to-stdout\n'), given.body]) }
    },
  },
  {
    id: 'log-unasked',
    wrong: 'the log comes back with every call',
    caught: { property: ['invoke.sync.log-none#property'] },
    behaviour: () => async (request, forward) => {
      const given = await forward()
      if (request.action !== 'Invoke') return given
      return { ...given, headers: { 'x-amz-log-result': 'bG9n', ...given.headers } }
    },
  },
  kept('kept-without-report', 'the lines that report a call are not kept', ['events'], () =>
    keptChanged('FilterLogEvents', 'events', ({ message }) => !String(message).startsWith('REPORT')),
  ),
  kept('kept-in-another-stream', 'events are kept in another stream than the function was told', ['events'], () =>
    keptChanged('FilterLogEvents', 'events', () => true, { logStreamName: 'another' }),
  ),
  kept('group-goes-with-function', 'the log group is deleted with the function', ['group'], () => {
    let deleted = false
    const hidden = keptChanged('DescribeLogGroups', 'logGroups', () => !deleted)
    return (request, forward) => {
      deleted ||= request.action === 'DeleteFunction'
      return hidden(request, forward)
    }
  }),
  kept('streams-shared', 'all environments write into one stream', ['streams'], () => {
    let first: unknown
    return keptChanged(
      'DescribeLogStreams',
      'logStreams',
      ({ logStreamName }) => (first ??= logStreamName) === logStreamName,
    )
  }),
]
