// The machine that a model was trained on.
import { cpus } from 'node:os'
import { RUNTIME_VERSION } from '@renown/ml'
import type { MachineRecord } from '../manifest.ts'

export function describeMachine(threads: number): MachineRecord {
  return {
    cpu: cpus()[0]?.model.trim() || 'unknown',
    threads,
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    onnxruntime: RUNTIME_VERSION,
  }
}
