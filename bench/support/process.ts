// A program under measurement: started, watched for memory, stopped.
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Command {
  readonly file: string
  readonly args: readonly string[]
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
}

export interface RunningProcess {
  readonly pid: number
  readonly startedAt: number
  /** What it has written, standard error included. */
  output(): string
  /** Peak resident memory so far, in MB. */
  peakMb(): number
  /** Resident memory now, in MB. */
  residentMb(): number
  /** Processor time so far, of all threads, in seconds. */
  cpuSeconds(): number
  /** Resolves to the exit code. */
  readonly exited: Promise<number>
  stop(): Promise<void>
}

const SAMPLE_MS = 100
const STOP_MS = 15_000

/** Its output goes to a file: reading a pipe would cost the machine that is measured. */
export function startProcess(command: Command): RunningProcess {
  const log = join(tmpdir(), `renown-bench-${randomBytes(6).toString('hex')}.log`)
  const file = openSync(log, 'w+')
  const startedAt = performance.now()
  const child = spawn(command.file, command.args, {
    ...(command.cwd === undefined ? {} : { cwd: command.cwd }),
    env: { ...withoutSettings(process.env), ...command.env },
    stdio: ['ignore', file, file],
  })
  closeSync(file)
  let output: string | null = null
  const pid = child.pid ?? 0
  let peak = 0
  const sample = (): number => {
    peak = Math.max(peak, memoryMb(pid, 'VmHWM'))
    return peak
  }
  const sampler = setInterval(sample, SAMPLE_MS)
  const exited = once(child, 'close').then(([code]) => {
    clearInterval(sampler)
    output = readFileSync(log, 'utf8')
    rmSync(log, { force: true })
    return typeof code === 'number' ? code : 1
  })
  return {
    pid,
    startedAt,
    output: () => output ?? readFileSync(log, 'utf8'),
    peakMb: sample,
    residentMb: () => memoryMb(pid, 'VmRSS'),
    cpuSeconds: () => cpuSeconds(pid),
    exited,
    stop: () => stop(child, exited),
  }
}

/** The environment without settings of Renown: what is measured has the defaults, or what the benchmark says. */
function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('RENOWN_')))
}

async function stop(child: ChildProcess, exited: Promise<number>): Promise<void> {
  child.kill('SIGTERM')
  const killer = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
  await exited
  clearTimeout(killer)
}

/** Linux counts in hundredths of a second (USER_HZ). */
const TICKS_PER_SECOND = 100

/** User and system time, fields 14 and 15 of /proc/PID/stat (proc(5)). */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

/** From /proc: 0 where it isn't there, or the process has ended. */
function memoryMb(pid: number, field: 'VmHWM' | 'VmRSS'): number {
  try {
    const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return Number(kilobytes ?? 0) / 1024
  } catch {
    return 0
  }
}

/** Runs a program to its end and refuses a failure. */
export async function runToEnd(command: Command): Promise<{ seconds: number; peakMb: number; output: string }> {
  const running = startProcess(command)
  const code = await running.exited
  const seconds = (performance.now() - running.startedAt) / 1000
  if (code !== 0) throw new Error(`${command.file} ${command.args.join(' ')} ended with ${code}:\n${running.output()}`)
  return { seconds, peakMb: running.peakMb(), output: running.output() }
}

/** Polls until `probe` gives a value; the process ending first is an error. */
export async function waitUntil<T>(
  running: RunningProcess,
  probe: () => Promise<T | null>,
  limitMs = 120_000,
): Promise<T> {
  let ended = false
  running.exited.then(
    () => {
      ended = true
    },
    () => {},
  )
  for (const end = performance.now() + limitMs; performance.now() < end; await sleep(5)) {
    const value = await probe()
    if (value !== null) return value
    if (ended) break
  }
  throw new Error(`the process ended or never answered:\n${running.output().slice(-3000)}`)
}
