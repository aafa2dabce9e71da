// The mean of several checkpoints' weights.
import { openSafetensors, type TensorToWrite, writeSafetensors } from '../weights/index.ts'

/**
 * Writes the element-wise mean of files with the same tensors, a tensor at a time (as fairseq's
 * `average_checkpoints.py`). Sums are in doubles.
 */
export async function averageWeights(paths: readonly string[], output: string): Promise<void> {
  const sources = await Promise.all(paths.map((path) => openSafetensors(path)))
  try {
    const tensors = sources[0]!.list().map(({ name, shape }): TensorToWrite => {
      return { name, shape, data: async () => meanOf(await Promise.all(sources.map((source) => source.read(name)))) }
    })
    await writeSafetensors(output, tensors)
  } finally {
    for (const source of sources) await source.close()
  }
}

function meanOf(values: readonly Float32Array[]): Float32Array {
  const mean = new Float32Array(values[0]!.length)
  for (let i = 0; i < mean.length; i++) {
    let sum = 0
    for (const value of values) sum += value[i]!
    mean[i] = sum / values.length
  }
  return mean
}
