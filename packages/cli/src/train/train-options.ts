// What `renown train` can be told beside the training arguments: one table for flags, recipe keys, help and documents.
import { PREPARATION_NAMES } from '../preparations.ts'

export interface TrainOption {
  /** The heading under which the help shows it. */
  readonly group: TrainOptionGroup
  readonly kind: 'text' | 'list' | 'number' | 'switch' | 'choice'
  /** What the help calls the value. */
  readonly value?: string
  readonly choices?: readonly string[]
  /** Other names that are understood: the Trainer's. */
  readonly aliases?: readonly string[]
  readonly help: string
}

export const TRAIN_OPTION_GROUPS = ['Data', 'Model', 'Output', 'Gate'] as const
export type TrainOptionGroup = (typeof TRAIN_OPTION_GROUPS)[number]

/** By snake_case name. */
export const TRAIN_OPTIONS: Readonly<Record<string, TrainOption>> = {
  dataset: {
    group: 'Data',
    kind: 'text',
    value: 'name',
    help: 'a data set of the Hugging Face Hub, such as tweet_eval, or a folder with train, validation and test files',
  },
  dataset_config: {
    group: 'Data',
    kind: 'text',
    value: 'name',
    help: 'its configuration, where it has several, such as sentiment',
  },
  dataset_revision: {
    group: 'Data',
    kind: 'text',
    value: 'revision',
    help: "a commit, branch or tag of it; by default the Hub's newest, whose commit is recorded",
  },
  train_file: {
    group: 'Data',
    kind: 'list',
    value: 'file',
    help: 'posts to train on: CSV, TSV, JSON, JSONL or Parquet, also gzipped; may be given several times',
  },
  unlabelled_file: {
    group: 'Data',
    kind: 'list',
    value: 'file',
    help: 'posts whose labels, if they have any, are not read: they are learnt from --teacher alone; may be given several times',
  },
  augmentation_factor: {
    group: 'Data',
    kind: 'number',
    value: 'number',
    help: 'make so many posts for each training post, labelled or not, out of their words; they are learnt from --teacher alone',
  },
  validation_file: { group: 'Data', kind: 'text', value: 'file', help: 'posts to choose the best checkpoint by' },
  test_file: { group: 'Data', kind: 'text', value: 'file', help: 'posts that are measured once, at the end' },
  validation_split: {
    group: 'Data',
    kind: 'number',
    value: 'share',
    help: 'take this share of the training posts for validation, such as 0.1',
  },
  stratified: {
    group: 'Data',
    kind: 'switch',
    help: 'take the same share of each label (how --validation-split works unless told otherwise)',
  },
  random_split: { group: 'Data', kind: 'switch', help: 'take any posts, whatever their labels' },
  train_samples: {
    group: 'Data',
    kind: 'number',
    value: 'number',
    help: "train on so many posts: the ones that datasets' .shuffle(seed=42).select(range(number)) picks",
  },
  text_column: { group: 'Data', kind: 'text', value: 'name', help: 'column with the text; guessed unless given' },
  label_column: { group: 'Data', kind: 'text', value: 'name', help: 'column with the label; guessed unless given' },
  label_map: {
    group: 'Data',
    kind: 'text',
    value: 'pairs',
    help: 'labels of the data and the labels they stand for: mixed=neutral,4=positive',
  },
  labels: {
    group: 'Data',
    kind: 'text',
    value: 'names',
    help: "the model's labels in their order; by default the base's, or the data's where they differ",
  },
  skip_unknown: { group: 'Data', kind: 'switch', help: 'leave out posts whose label is none of the labels' },
  drop_leaks: {
    group: 'Data',
    kind: 'switch',
    help: 'leave out training posts that are in the validation or test posts too',
  },
  base: {
    group: 'Model',
    kind: 'text',
    value: 'model',
    help: 'what to start from: default, a name in HOME/models, a folder, or hf:owner/name[@revision]',
  },
  base_name: {
    group: 'Model',
    kind: 'text',
    value: 'name',
    help: 'what the lineage calls the base, where it is a local copy: owner/name of its repository',
  },
  preparation: {
    group: 'Model',
    kind: 'choice',
    choices: PREPARATION_NAMES,
    help: "how posts are prepared; by default as the base's",
  },
  threads: {
    group: 'Model',
    kind: 'number',
    value: 'number',
    help: 'threads to compute with; by default all that the process may use. Another number gives other last digits',
  },
  teacher: {
    group: 'Model',
    kind: 'list',
    value: 'model',
    help: 'learn from the probabilities of this model too (distillation); of several, from their mean. The labels must be the same',
  },
  output: {
    group: 'Output',
    kind: 'text',
    value: 'folder',
    aliases: ['output_dir'],
    help: 'the model folder to make; new or empty',
  },
  name: { group: 'Output', kind: 'text', value: 'name', help: "the model's name; by default the folder's" },
  license: { group: 'Output', kind: 'text', value: 'id', help: "such as apache-2.0; by default the base's" },
  report_texts: {
    group: 'Output',
    kind: 'switch',
    help: 'show the texts of the worst mistakes in report.html, not only their row numbers',
  },
  push_to_hub: {
    group: 'Output',
    kind: 'switch',
    help: 'publish the finished model on the Hugging Face Hub, as renown publish does',
  },
  hub_model_id: {
    group: 'Output',
    kind: 'text',
    value: 'name',
    help: "its repository, owner/name; by default the output folder's name, of HF_USERNAME",
  },
  hub_private_repo: {
    group: 'Output',
    kind: 'switch',
    help: 'make that repository private, and refuse a public one',
  },
  gate: {
    group: 'Gate',
    kind: 'switch',
    help: 'judge the finished model as renown gate does, and end with its exit codes; what is pushed is judged unless this is false',
  },
  gate_policy: {
    group: 'Gate',
    kind: 'text',
    value: 'file',
    help: 'the policy of the gate, a YAML or JSON file; without it the defaults hold',
  },
  champion: {
    group: 'Gate',
    kind: 'text',
    value: 'model',
    help: "what to compare with, or none; by default the repository's main where the model is pushed, else the registry's champion. The base is compared with in any case",
  },
  best: {
    group: 'Gate',
    kind: 'text',
    value: 'model',
    help: 'the best version that was ever promoted, or none; by default found in the registry where the champion is one of its aliases',
  },
  gate_file: {
    group: 'Gate',
    kind: 'text',
    value: 'file',
    help: 'labelled posts to judge on, instead of those that are held out',
  },
  gate_share: {
    group: 'Gate',
    kind: 'number',
    value: 'share',
    help: "hold this share of the texts out of training for the gate; by default the policy's where the model is judged on them, else 0, which is none",
  },
  gate_seed: { group: 'Gate', kind: 'number', value: 'number', help: "which texts these are; by default the policy's" },
}

/** Keys that only a recipe can have, because their values have parts. */
export const RECIPE_ONLY_KEYS = ['train', 'unlabelled', 'validation', 'test'] as const

/** Keys of an entry of `train` and `unlabelled`, and of `validation` and `test`. */
export const SOURCE_KEYS = [
  'file',
  'dataset',
  'config',
  'revision',
  'split',
  'text_column',
  'label_column',
  'label_map',
  'weight',
  'samples',
] as const
