// What the figures were measured on.
import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { ROOT } from './folders.ts'

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGb: number
  /** Of the CPU features that matter to 8-bit products, those that this CPU has. */
  readonly features: readonly string[]
  readonly platform: string
  readonly node: string
  readonly versions: Readonly<Record<string, string>>
}

const FEATURES = ['avx2', 'avx_vnni', 'avx512f', 'avx512_vnni', 'avx512_bf16', 'amx_int8', 'asimddp', 'i8mm']
const PACKAGES = ['onnxruntime-node', '@huggingface/tokenizers', 'fastify']

export function describeMachine(): Machine {
  const flags = cpuFlags()
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    features: FEATURES.filter((feature) => flags.has(feature)),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    versions: Object.fromEntries(['renown', ...PACKAGES].map((name) => [name, versionOf(name)])),
  }
}

function cpuFlags(): Set<string> {
  try {
    const line = /^(?:flags|Features)\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? ''
    return new Set(line.trim().split(/\s+/))
  } catch {
    return new Set()
  }
}

function versionOf(name: string): string {
  const folder = name === 'renown' ? ROOT : `${ROOT}/node_modules/${name}`
  const { version } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')) as { version: string }
  return version
}
