// The model card: README.md of a model folder, made from its manifest and nothing else.
import { stringify } from 'yaml'
import { renderFrontMatter } from './card-front-matter.ts'
import { formatCount, renderMeasured, table } from './card-measured.ts'
import { FLOAT_ONNX_FILE, isOnnx, QUANTIZED_ONNX_FILE } from './loader-files.ts'
import type { ModelManifest, TrainingDataSet } from './manifest.ts'

const FILE_MEANINGS: Readonly<Record<string, string>> = {
  'config.json': 'architecture and labels',
  'tokenizer.json': 'tokenizer',
  'tokenizer_config.json': 'settings of the tokenizer',
  'vocab.json': 'vocabulary',
  'merges.txt': 'merges of the byte-pair encoding',
  'vocab.txt': 'vocabulary',
  LICENSE: 'text of the licence',
  'model.safetensors': 'weights',
  'pytorch_model.bin': 'weights',
  [FLOAT_ONNX_FILE]: 'the model in 32-bit floating point',
  [QUANTIZED_ONNX_FILE]: 'the model with 8-bit weights',
}

/** README.md with YAML front matter and `model-index`. Every sentence follows from the manifest. */
export function renderModelCard(manifest: ModelManifest): string {
  const parts = [
    `# ${manifest.name}`,
    describe(manifest),
    renderUse(manifest),
    renderLimits(manifest),
    renderMeasured(manifest),
    renderTraining(manifest),
    renderPreparation(manifest),
    renderUsage(manifest),
    renderFiles(manifest),
  ]
  return `${renderFrontMatter(manifest)}\n${parts.filter((part) => part !== '').join('\n\n')}\n`
}

function describe(manifest: ModelManifest): string {
  const facts = [
    `A text classifier with the labels ${listWords(manifest.labels)}.`,
    `Version \`${manifest.version}\`, created ${manifest.created.slice(0, 10)}, licence \`${manifest.license}\`.`,
  ]
  if (manifest.base !== null) facts.push(`Its base model is \`${manifest.base.name}\`.`)
  if (manifest.parent !== null) facts.push(`It continues version \`${manifest.parent}\`.`)
  return facts.join(' ')
}

function renderUse(manifest: ModelManifest): string {
  return [
    '## Intended use',
    `Scoring short texts, such as social-media posts, in numbers: each text gets a probability for every label, and many texts together give shares of ${listWords(manifest.labels)} with intervals.`,
  ].join('\n\n')
}

function renderLimits(manifest: ModelManifest): string {
  const limits = [
    'One label is given to a whole text. The model is not told whom or what the text is about.',
    'The model errs, so one answer is weak evidence about one post. Do not base a decision about a person on it.',
    'What was measured, and on which posts, stands below. For other languages, networks, topics or years it is unknown.',
  ]
  if (manifest.window !== undefined) {
    limits.push(
      `A window has ${manifest.window} tokens. Renown scores a longer text in overlapping windows and combines them; other tools may cut it off.`,
    )
  }
  return ['## Limits', limits.map((limit) => `- ${limit}`).join('\n')].join('\n\n')
}

function renderTraining(manifest: ModelManifest): string {
  const { training } = manifest
  if (training === null) return '## Training\n\nHow the model was trained is not recorded.'
  const lines = training.data.map((data) => `- ${describeData(data)}`)
  const facts = [
    training.trainer === undefined ? '' : `Trainer: ${training.trainer}.`,
    training.commit === undefined ? '' : `Code: commit \`${training.commit}\`.`,
    training.seconds === undefined ? '' : `Training took ${formatCount(Math.round(training.seconds))} seconds.`,
    training.notes ?? '',
  ]
  const recipe = Object.keys(training.recipe).length === 0 ? '' : `\`\`\`yaml\n${stringify(training.recipe)}\`\`\``
  return ['## Training', lines.join('\n'), facts.filter((fact) => fact !== '').join(' '), recipe]
    .filter((part) => part !== '')
    .join('\n\n')
}

function describeData(data: TrainingDataSet): string {
  const split = data.split === undefined ? '' : `, ${data.split}`
  const rows = data.rows === undefined ? '' : `, ${formatCount(data.rows)} rows`
  const hash = data.sha256 === undefined ? '' : ` (SHA-256 \`${data.sha256}\`)`
  return `${data.name}${split}${rows}${hash}`
}

/** What happens to a text before it is tokenised, in words. */
function preparationSteps(manifest: ModelManifest): string[] {
  const { mentions, urls, entities, escapes } = manifest.preparation
  return [
    escapes === 'decode' ? 'literal escapes such as `\\u2019` are decoded' : '',
    entities === 'decode' ? 'HTML entities such as `&amp;` are decoded' : '',
    mentions === '@user' ? 'mentions of accounts become `@user`' : '',
    urls === 'http' ? 'web addresses become `http`' : '',
    urls === 'drop' ? 'web addresses are left out' : '',
  ].filter((step) => step !== '')
}

function renderPreparation(manifest: ModelManifest): string {
  const steps = preparationSteps(manifest)
  const body =
    steps.length === 0
      ? 'Texts are tokenised as they are.'
      : `Before a text is tokenised:\n\n${steps.map((step) => `- ${step}`).join('\n')}\n\nRenown does this by itself. Other tools do not.`
  const temperature =
    manifest.temperature === 1 ? '' : `\n\nLogits are divided by ${manifest.temperature} before softmax.`
  return `## Text preparation\n\n${body}${temperature}`
}

function renderUsage(manifest: ModelManifest): string {
  const renown = '```sh\nrenown predict "Great service" --model ./FOLDER\nrenown serve --model ./FOLDER\n```'
  const names = Object.keys(manifest.files)
  if (!names.some(isOnnx) || !names.includes('tokenizer.json')) return `## How to use it\n\nWith Renown:\n\n${renown}`
  const dtype = names.includes(QUANTIZED_ONNX_FILE) ? 'q8' : 'fp32'
  const transformers = [
    '```js',
    "import { env, pipeline } from '@huggingface/transformers'",
    '',
    "env.localModelPath = './'",
    'env.allowRemoteModels = false',
    `const classify = await pipeline('text-classification', 'FOLDER', { dtype: '${dtype}' })`,
    "console.log(await classify('Great service', { top_k: null }))",
    '```',
  ].join('\n')
  return `## How to use it\n\nWith Renown:\n\n${renown}\n\nWith transformers.js:\n\n${transformers}`
}

function renderFiles(manifest: ModelManifest): string {
  const rows = Object.entries(manifest.files).map(([name, record]) => [
    `\`${name}\``,
    FILE_MEANINGS[name] ?? '',
    formatCount(record.bytes),
    `\`${record.sha256.slice(0, 12)}…\``,
  ])
  return `## Files\n\n${table(['file', 'what it is', 'bytes', 'SHA-256'], rows)}\n\n\`renown.json\` has the whole hashes; Renown refuses a folder in which one doesn't match.`
}

function listWords(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}
