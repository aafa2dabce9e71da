// The servers that are compared: Renown as built, and the Python stack.

import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { pathFromEnv, RENOWN_BIN, testData } from './folders.ts'
import { type RunningProcess, startProcess, waitUntil } from './process.ts'

export interface RunningServer {
  readonly process: RunningProcess
  readonly url: string
  /** From the start of the process to the first answered prediction. */
  readonly startMs: number
}

export interface RenownOptions {
  readonly home: string
  readonly model?: string
  readonly encoding?: 'int8' | 'uint8' | 'float32'
}

export async function startRenown(options: RenownOptions): Promise<RunningServer> {
  const port = await freePort()
  const running = startProcess({
    file: process.execPath,
    args: [RENOWN_BIN, 'serve', '--port', String(port)],
    env: {
      RENOWN_HOME: options.home,
      RENOWN_MODEL: options.model ?? 'default',
      ...(options.encoding === undefined ? {} : { RENOWN_ENCODING: options.encoding }),
    },
  })
  return firstAnswer(running, `http://127.0.0.1:${port}`)
}

/** FastAPI, uvicorn and the transformers pipeline: PEER_PYTHON is the interpreter that has them. */
export async function startPythonStack(model: string): Promise<RunningServer> {
  const python = pathFromEnv('PEER_PYTHON')
  if (python === null) throw new Error('set PEER_PYTHON to the interpreter of the peers (see bench/README.md)')
  const port = await freePort()
  const running = startProcess({
    file: python,
    args: ['-m', 'uvicorn', 'main:app', '--port', String(port), '--log-level', 'warning'],
    cwd: join(testData('peers'), 'original_stack'),
    env: { MODEL: model, HF_HUB_OFFLINE: '1', PYTHONDONTWRITEBYTECODE: '1' },
  })
  return firstAnswer(running, `http://127.0.0.1:${port}`)
}

async function firstAnswer(running: RunningProcess, url: string): Promise<RunningServer> {
  try {
    await waitUntil(running, async () => ((await predict(url, 'The first text of all.')) ? true : null))
  } catch (error) {
    await running.stop()
    throw error
  }
  return { process: running, url, startMs: performance.now() - running.startedAt }
}

/** Whether the server answers a prediction; a refused connection is a no. */
export async function predict(url: string, text: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text }),
    })
    await response.arrayBuffer()
    return response.ok
  } catch {
    return false
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
