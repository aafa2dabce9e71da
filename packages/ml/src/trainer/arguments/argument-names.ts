// Names under which training arguments are given: kebab-case, aliases, version 4's, and those without effect here.
import { MlError } from '../../errors.ts'
import { findNearestName } from './nearest-name.ts'
import { listArguments, TRAINING_ARGUMENTS, type TrainingArgumentName } from './training-arguments.ts'

/** Arguments of the Trainer that people have in their recipes and that mean nothing here, with the reason. */
const UNSUPPORTED: ReadonlyMap<string, string> = new Map(
  Object.entries({
    fp16: 'training computes in 32-bit floats',
    bf16: 'training computes in 32-bit floats',
    tf32: 'training computes in 32-bit floats',
    gradient_checkpointing: 'micro_batch_tokens bounds the memory instead',
    activation_checkpointing: 'micro_batch_tokens bounds the memory instead',
    auto_find_batch_size: 'micro_batch_tokens bounds the memory instead',
    dataloader_num_workers: 'texts are encoded before training',
    dataloader_pin_memory: 'training computes on the CPU',
    remove_unused_columns: 'only texts and labels are read',
    eval_accumulation_steps: 'evaluation cuts its batches by tokens',
    deepspeed: 'training runs on one machine',
    fsdp: 'training runs on one machine',
    push_to_hub: 'training writes a folder',
    hub_strategy: 'the finished model is published, and no checkpoint',
    hub_token: 'the token is read from HF_TOKEN',
    report_to: 'training writes trainer_state.json and a report',
    logging_dir: 'training writes trainer_state.json and a report',
    run_name: 'the model has a name, and its manifest the recipe',
    disable_tqdm: 'quiet shows no progress',
    save_only_model: 'a checkpoint has everything that a resumed run needs',
    save_safetensors: 'weights are always safetensors',
    full_determinism: 'a run is always repeatable',
    use_cpu: 'training computes on the CPU',
    torch_compile: 'training computes with onnxruntime',
    do_train: 'the command trains',
    do_eval: 'eval_strategy says when the evaluation set is scored',
    overwrite_output_dir: 'a folder that holds something else is never written over',
    ignore_data_skip: 'a resumed run goes on at its place in the data',
    logging_nan_inf_filter: "a loss that isn't finite ends the run",
    output_dir: 'the output folder is no part of a recipe',
  }),
)

/** Names of arguments that are refused with a reason. */
export function listUnsupported(): readonly string[] {
  return [...UNSUPPORTED.keys()]
}

const NAMES = new Map<string, TrainingArgumentName>(
  listArguments().flatMap(([name, entry]) => [name, ...(entry.aliases ?? [])].map((known) => [known, name] as const)),
)

export interface NamedArgument {
  readonly name: TrainingArgumentName
  /** As it was given, for messages. */
  readonly given: string
  readonly value: unknown
}

/**
 * Finds the argument that a key means and translates the values of version 4's names.
 * @throws MlError ARGUMENTS_INVALID on an unknown or unsupported name, with the nearest known one or the reason
 */
export function nameArgument(given: string, value: unknown): NamedArgument {
  const key = given.replaceAll('-', '_')
  if (key === 'group_by_length')
    return { name: 'train_sampling_strategy', given, value: samplingFromFlag(given, value) }
  const name = NAMES.get(key)
  if (name) return { name, given, value }
  const reason = UNSUPPORTED.get(key)
  if (reason) throw new MlError('ARGUMENTS_INVALID', `${given} isn't supported: ${reason}; leave it out`)
  const nearest = findNearestName(key, NAMES.keys())
  const hint = nearest ? `; did you mean ${nearest}?` : ''
  throw new MlError('ARGUMENTS_INVALID', `There is no training argument ${JSON.stringify(given.slice(0, 80))}${hint}`)
}

export function isTrainingArgument(given: string): boolean {
  const key = given.replaceAll('-', '_')
  return key === 'group_by_length' || NAMES.has(key) || UNSUPPORTED.has(key)
}

function samplingFromFlag(given: string, value: unknown): string {
  if (typeof value === 'boolean') return value ? 'group_by_length' : TRAINING_ARGUMENTS.train_sampling_strategy.default
  throw new MlError('ARGUMENTS_INVALID', `${given}: expected true or false, got ${String(value)}`)
}
