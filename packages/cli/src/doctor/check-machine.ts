// Checks of the machine: Node, processor, memory.
import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { formatBytes } from '../format/numbers.ts'
import { type Check, fail, pass, warn } from './check.ts'

export const LEAST_NODE: readonly [number, number] = [20, 19]

export function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
  const [leastMajor, leastMinor] = LEAST_NODE
  const isNewEnough = major > leastMajor || (major === leastMajor && minor >= leastMinor)
  const platform = `${process.platform} ${process.arch}`
  if (isNewEnough) return pass('Node', `${version} on ${platform}`)
  return fail('Node', `${version} is too old: expected ${LEAST_NODE.join('.')} or later`)
}

/** Features that 8-bit arithmetic is fast with. */
const FEATURES = ['avx2', 'avx512f', 'avx512_vnni', 'avx_vnni', 'asimddp', 'i8mm'] as const

export function checkProcessor(cpuinfo: string = readCpuInfo()): Check {
  const name = cpus()[0]?.model.trim() || process.arch
  const features = findFeatures(cpuinfo)
  const known = features.length === 0 ? '' : `, ${features.join(', ')}`
  return pass('Processor', `${name}, ${availableParallelism()} threads${known}`)
}

export function findFeatures(cpuinfo: string): string[] {
  const flags = new Set(/^(?:flags|Features)\s*:(.*)$/m.exec(cpuinfo)?.[1]?.trim().split(/\s+/) ?? [])
  return FEATURES.filter((feature) => flags.has(feature))
}

/** Only Linux tells; elsewhere the probe of onnxruntime decides alone, as it does here. */
function readCpuInfo(): string {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8')
  } catch {
    return ''
  }
}

const COMFORTABLE_BYTES = 600e6
const LEAST_BYTES = 250e6

/** In a container, what it may use counts. */
export function checkMemory(available: number = process.availableMemory(), total: number = totalmem()): Check {
  const limit = process.constrainedMemory()
  const most = limit > 0 && limit < total ? limit : total
  const found = `${formatBytes(available)} of ${formatBytes(most)} are free`
  if (available >= COMFORTABLE_BYTES) return pass('Memory', found)
  const wanted = `expected ${formatBytes(COMFORTABLE_BYTES)} or more for the default model`
  return available >= LEAST_BYTES ? warn('Memory', `${found}: ${wanted}`) : fail('Memory', `${found}: ${wanted}`)
}
