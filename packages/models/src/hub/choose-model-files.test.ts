// Tests of what is fetched of a model repository.
import { expect, test } from 'vitest'
import { chooseModelFiles, chooseTexts } from './choose-model-files.ts'

const SHARDS = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors']

test.each([
  [
    'safetensors before all others',
    ['model.safetensors', 'pytorch_model.bin', 'onnx/model.onnx'],
    ['model.safetensors'],
  ],
  [
    'shards with their index',
    [...SHARDS, 'model.safetensors.index.json', 'pytorch_model.bin'],
    ['model.safetensors.index.json', ...SHARDS],
  ],
  ['a pickled checkpoint where there is nothing else', ['pytorch_model.bin', 'tf_model.h5'], ['pytorch_model.bin']],
  [
    'the quantised ONNX file where there is no checkpoint',
    ['onnx/model.onnx', 'onnx/model_quantized.onnx', 'onnx/model_fp16.onnx'],
    ['onnx/model_quantized.onnx'],
  ],
  ['the other ONNX file where there is only that', ['onnx/model.onnx', 'onnx/model_q4.onnx'], ['onnx/model.onnx']],
])('weights: %s', (_, names, expected) => {
  expect(chooseModelFiles(names, false)).toEqual(expected)
})

test('both ONNX files if they are wanted', () => {
  const onnx = ['onnx/model_quantized.onnx', 'onnx/model.onnx']
  expect(chooseModelFiles(['model.safetensors', ...onnx], true)).toEqual(['model.safetensors', ...onnx])
  expect(chooseModelFiles(onnx, true)).toEqual(onnx)
})

test('what a model is opened with, what people read, and nothing beside', () => {
  const names = ['.gitattributes', 'README.md', 'config.json', 'handler.py', 'merges.txt', 'optimizer.pt', 'vocab.json']
  expect(chooseModelFiles([...names, 'training_args.bin'], false)).toEqual(['config.json', 'vocab.json', 'merges.txt'])
  expect(chooseTexts(names)).toEqual(['README.md'])
})
