// The model card: README.md of a model folder, made from its manifest and nothing else.
import { renderFrontMatter } from './card-front-matter.ts'
import { formatCount, renderMeasured, table } from './card-measured.ts'
import { renderTraining } from './card-training.ts'
import { renderUsage } from './card-usage.ts'
import { FLOAT_ONNX_FILE, QUANTIZED_ONNX_FILE } from './loader-files.ts'
import type { ModelManifest, TemperatureRecord } from './manifest.ts'

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
  return `## Text preparation\n\n${body}${describeTemperature(manifest)}`
}

function describeTemperature({ temperature, temperatureFit }: ModelManifest): string {
  const use = temperature === 1 ? '' : `\n\nLogits are divided by ${temperature} before softmax.`
  if (temperatureFit === undefined) return use
  return `${use === '' ? '\n\nProbabilities are the softmax of the logits as they are.' : use} ${describeFit(temperatureFit)}`
}

function describeFit({ value, dataSet, split, rows, nllBefore, nllAfter }: TemperatureRecord): string {
  const posts = `${dataSet}, ${split} (${formatCount(rows)} rows)`
  if (value === 1) return `A temperature was sought on ${posts}; none was found.`
  return `The temperature was fitted on ${posts}, where it changes the negative log-likelihood from ${nllBefore.toFixed(4)} to ${nllAfter.toFixed(4)}. Other tools do not apply it.`
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
