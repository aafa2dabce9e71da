// A classifier's weights into memory: from a checkpoint (quantised on the way if asked), or from one of our ONNX files.
import { classifierParameters, type EncoderConfig, type Parameter } from '../encoders/index.ts'
import type { TensorData } from '../graph/index.ts'
import { requireWeights, type WeightSource } from '../weights/index.ts'
import { type ClassifierWeights, flipSign, quantizeLinear, quantizeTable, type WeightTensor } from './tensors.ts'
import { quantizedNames } from './weight-layers.ts'

function quantized(parameter: Parameter, data: Float32Array): WeightTensor {
  const [outer, inner] = parameter.shape as readonly [number, number]
  if (parameter.role === 'linear') return quantizeLinear(data, outer, inner)
  if (parameter.role === 'embedding') return quantizeTable(data, outer, inner)
  return { kind: 'float', shape: parameter.shape, data }
}

/**
 * Reads what the model uses, one tensor at a time; with `quantize`, the encoder's products and tables become 8-bit as
 * they are read, so that the float copy of one tensor is all that is ever held.
 * @throws MlError WEIGHTS_MISSING, WEIGHTS_INVALID: all that is missing or misshaped, in one message
 */
export async function loadWeights(
  source: WeightSource,
  config: EncoderConfig,
  options: { readonly quantize: boolean },
): Promise<ClassifierWeights> {
  const parameters = classifierParameters(config)
  const required = requireWeights(source, parameters)
  const weights = new Map<string, WeightTensor>()
  for (const parameter of parameters) {
    const data = await required.read(parameter.name)
    weights.set(
      parameter.name,
      options.quantize ? quantized(parameter, data) : { kind: 'float', shape: parameter.shape, data },
    )
  }
  return weights
}

/** A view of the bytes as floats; copied only where they don't lie on a multiple of four. */
function floats(bytes: Uint8Array): Float32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes)
  return new Float32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4)
}

function sameShape(tensor: TensorData, shape: readonly number[]): boolean {
  return tensor.shape.length === shape.length && tensor.shape.every((size, axis) => size === shape[axis])
}

function fromTensors(tensors: ReadonlyMap<string, TensorData>, parameter: Parameter): WeightTensor | null {
  const names = quantizedNames(parameter.name)
  const [values, scales] = [tensors.get(names.values), tensors.get(names.scales)]
  if (values && scales?.type === 'float32') {
    const [outer, inner] = parameter.shape as readonly [number, number]
    const shape = parameter.role === 'linear' ? ([inner, outer] as const) : ([outer, inner] as const)
    if (!sameShape(values, shape) || scales.bytes.byteLength !== 4 * outer) return null
    const data = values.type === 'int8' ? flipSign(values.bytes) : values.bytes
    return { kind: 'quantized', shape, data, scales: floats(scales.bytes) }
  }
  const float = tensors.get(parameter.name)
  if (float?.type !== 'float32' || !sameShape(float, parameter.shape)) return null
  return { kind: 'float', shape: parameter.shape, data: floats(float.bytes) }
}

/** The weights inside an ONNX file that our exporter quantised; null for any other file. */
export function weightsFromOnnx(
  tensors: ReadonlyMap<string, TensorData>,
  config: EncoderConfig,
): ClassifierWeights | null {
  const weights = new Map<string, WeightTensor>()
  for (const parameter of classifierParameters(config)) {
    const tensor = fromTensors(tensors, parameter)
    if (!tensor) return null
    weights.set(parameter.name, tensor)
  }
  return weights
}
