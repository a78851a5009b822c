import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Measured {
  /** Seconds on the clock. */
  readonly wall: number
  /** Seconds of CPU, of the command and all that it waited for. */
  readonly cpu: number
  /** MiB in memory at the most; a page that several processes share counts once. */
  readonly peak: number
  readonly status: number | null
  readonly stdout: string
}

/**
 * Runs a command and measures it with the shell's own `times`, which counts the children of children too. The peak is
 * sampled over the command and its descendants.
 */
export async function measure(
  command: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Measured> {
  const scratch = mkdtempSync(join(tmpdir(), 'lambdacheck-bench-'))
  const times = join(scratch, 'times')
  try {
    const started = performance.now()
    const child = spawn('bash', ['-c', '"$@"; status=$?; times > "$TIMES_FILE"; exit $status', 'measure', ...command], {
      cwd: options.cwd,
      env: { ...process.env, ...options.env, TIMES_FILE: times },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    let stdout = ''
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString()
    })
    let peak = 0
    // Asking for the memory of many processes takes time that the command would lack.
    const sampler = setInterval(() => {
      peak = Math.max(peak, memoryMiB(child.pid ?? 0))
    }, 200)
    const status = await new Promise<number | null>((resolve, reject) =>
      child.once('error', reject).once('close', resolve),
    )
    clearInterval(sampler)
    const wall = (performance.now() - started) / 1000
    return { wall, cpu: childSeconds(readFileSync(times, 'utf8')), peak, status, stdout }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** The second line of `times`: user and system time of the children, `0m1.250s 0m0.310s`. */
function childSeconds(text: string): number {
  const line = text.trim().split('\n')[1] ?? ''
  return [...line.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds),
    0,
  )
}

/**
 * Memory of a process and its descendants, where /proc tells; 0 elsewhere. Pages that processes share, such as the
 * program of Node.js itself, are divided among them, so that the sum has each page once.
 */
function memoryMiB(pid: number): number {
  try {
    const own = Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) / 1024
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean)
    return own + children.reduce((sum, child) => sum + memoryMiB(Number(child)), 0)
  } catch {
    return 0
  }
}

/** The middle of an odd number of runs. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

export interface Row {
  readonly what: string
  readonly figure: string
  /** Against the yardstick of the section, measured in the same run. */
  readonly ratio?: string
  readonly aim?: string
}

export function table(title: string, rows: readonly Row[]): string {
  const cells = [
    ['', 'measured', 'ratio', 'aim'],
    ...rows.map(({ what, figure, ratio, aim }) => [what, figure, ratio ?? '', aim ?? '']),
  ]
  const widths = [0, 1, 2, 3].map(column => Math.max(...cells.map(row => (row[column] ?? '').length)))
  return [
    title,
    ...cells.map(
      row =>
        `  ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ')}`,
    ),
  ].join('\n')
}
