// Tests of which file of a model is served.
import { describe, expect, test } from 'vitest'
import { chooseModelFile } from './loader-files.ts'

const RECORD = { sha256: 'a'.repeat(64), bytes: 1 }
const files = (...names: string[]) => Object.fromEntries(names.map((name) => [name, RECORD]))
const ALL = files('onnx/model.onnx', 'model.safetensors', 'onnx/model_quantized.onnx')

describe('chooseModelFile', () => {
  test('takes the quantised file before the weights, and weights before the float file', () => {
    expect(chooseModelFile(ALL)).toBe('onnx/model_quantized.onnx')
    expect(chooseModelFile(files('onnx/model.onnx', 'model.safetensors'))).toBe('model.safetensors')
    expect(chooseModelFile(files('onnx/model.onnx'))).toBe('onnx/model.onnx')
  })

  test('takes weights that are float32 where those are wanted', () => {
    expect(chooseModelFile(ALL, undefined, 'float32')).toBe('model.safetensors')
    expect(() => chooseModelFile(files('onnx/model_quantized.onnx'), undefined, 'float32')).toThrow(
      'no weights in float32',
    )
  })

  test('takes the one asked for if the manifest lists it', () => {
    expect(chooseModelFile(ALL, 'onnx/model.onnx')).toBe('onnx/model.onnx')
    expect(() => chooseModelFile(ALL, 'onnx/other.onnx')).toThrow(
      'expected one of onnx/model_quantized.onnx, model.safe',
    )
    expect(() => chooseModelFile(files('config.json'))).toThrow('the model has no weights')
  })
})
