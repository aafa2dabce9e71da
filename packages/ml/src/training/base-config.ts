// The config.json of what is trained: that of the base, with the labels of the task and a classification head.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type EncoderConfig, parseEncoderConfig } from '../encoders/index.ts'
import { MlError } from '../errors.ts'

const ARCHITECTURES: Readonly<Record<string, string>> = {
  bert: 'BertForSequenceClassification',
  roberta: 'RobertaForSequenceClassification',
}

export interface DropoutOverrides {
  readonly hidden?: number
  readonly attention?: number
  readonly classifier?: number
}

export interface ClassifierConfig {
  /** What config.json of the trained model says. */
  readonly json: Readonly<Record<string, unknown>>
  readonly config: EncoderConfig
  /** Deviation of a new head's weights. */
  readonly initializerRange: number
}

async function readJson(folder: string): Promise<Record<string, unknown>> {
  const path = join(folder, 'config.json')
  try {
    const json: unknown = JSON.parse(await readFile(path, 'utf8'))
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Record<string, unknown>
  } catch (cause) {
    throw new MlError('CONFIG_INVALID', `${path}: expected a readable config.json`, { cause })
  }
  throw new MlError('CONFIG_INVALID', `${path}: expected an object`)
}

function dropoutFields({ hidden, attention, classifier }: DropoutOverrides): Record<string, number> {
  return {
    ...(hidden === undefined ? {} : { hidden_dropout_prob: hidden }),
    ...(attention === undefined ? {} : { attention_probs_dropout_prob: attention }),
    ...(classifier === undefined ? {} : { classifier_dropout: classifier }),
  }
}

/**
 * Reads FOLDER/config.json of any BERT or RoBERTa, whatever head it has.
 * @throws MlError CONFIG_INVALID, ARCHITECTURE_UNSUPPORTED, ACTIVATION_UNSUPPORTED, POSITIONS_UNSUPPORTED, TRAINING_INVALID
 */
export async function readClassifierConfig(
  folder: string,
  labels: readonly string[],
  dropout: DropoutOverrides = {},
): Promise<ClassifierConfig> {
  if (labels.length < 2 || new Set(labels).size !== labels.length) {
    throw new MlError(
      'TRAINING_INVALID',
      `labels: expected at least two that differ, got ${labels.join(', ') || 'none'}`,
    )
  }
  const { num_labels: _, ...base } = await readJson(folder)
  const architecture = ARCHITECTURES[String(base.model_type)]
  const json = {
    ...base,
    ...(architecture === undefined ? {} : { architectures: [architecture] }),
    id2label: Object.fromEntries(labels.map((label, index) => [String(index), label])),
    label2id: Object.fromEntries(labels.map((label, index) => [label, index])),
    problem_type: 'single_label_classification',
    ...dropoutFields(dropout),
  }
  const range = base.initializer_range
  return {
    json,
    config: parseEncoderConfig(json),
    initializerRange: typeof range === 'number' && range > 0 && range < 10 ? range : 0.02,
  }
}
