// The part of a model card that says how the model is used: by Renown, transformers and transformers.js.
import { isOnnx, QUANTIZED_ONNX_FILE, SAFETENSORS_FILE } from './loader-files.ts'
import type { ModelManifest } from './manifest.ts'

const RENOWN = '```sh\nrenown predict "Great service" --model ./FOLDER\nrenown serve --model ./FOLDER\n```'

const TRANSFORMERS = [
  '```python',
  'from transformers import pipeline',
  '',
  "classify = pipeline('text-classification', model='./FOLDER', top_k=None)",
  "print(classify('Great service'))",
  '```',
].join('\n')

function transformersJs(dtype: string): string {
  return [
    '```js',
    "import { env, pipeline } from '@huggingface/transformers'",
    '',
    "env.localModelPath = './'",
    'env.allowRemoteModels = false',
    `const classify = await pipeline('text-classification', 'FOLDER', { dtype: '${dtype}' })`,
    "console.log(await classify('Great service', { top_k: null }))",
    '```',
  ].join('\n')
}

export function renderUsage(manifest: ModelManifest): string {
  const names = Object.keys(manifest.files)
  const parts = ['## How to use it', 'With Renown:', RENOWN]
  if (names.includes('tokenizer.json')) {
    if (names.includes(SAFETENSORS_FILE)) parts.push('With transformers:', TRANSFORMERS)
    const dtype = names.includes(QUANTIZED_ONNX_FILE) ? 'q8' : 'fp32'
    if (names.some(isOnnx)) parts.push('With transformers.js:', transformersJs(dtype))
  }
  return parts.join('\n\n')
}
