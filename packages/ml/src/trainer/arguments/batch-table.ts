// Training arguments: which texts go through the model together, and how long they may be.

export const BATCH_ARGUMENTS = {
  per_device_train_batch_size: {
    type: 'integer',
    default: 8,
    minimum: 1,
    aliases: ['per_gpu_train_batch_size'],
    help: 'Texts a batch.',
  },
  per_device_eval_batch_size: {
    type: 'integer',
    default: 8,
    minimum: 1,
    aliases: ['per_gpu_eval_batch_size'],
    help: 'What eval_steps_per_second counts by; evaluation itself cuts its batches by tokens.',
  },
  gradient_accumulation_steps: {
    type: 'integer',
    default: 1,
    minimum: 1,
    help: 'Batches whose gradients make one update.',
  },
  max_tokens_per_batch: {
    type: 'integer',
    default: null,
    minimum: 1,
    own: true,
    help: 'Batches are cut by tokens instead of texts: as many texts as fit, at least one.',
  },
  micro_batch_tokens: {
    type: 'integer',
    default: 1024,
    minimum: 1,
    own: true,
    help: 'Tokens that go through the model at once; a larger batch goes in parts, with the same gradients.',
  },
  train_sampling_strategy: {
    type: 'choice',
    default: 'random',
    choices: ['random', 'sequential', 'group_by_length'],
    help: 'The order of the data; group_by_length puts texts of similar length together.',
  },
  dataloader_drop_last: {
    type: 'boolean',
    default: false,
    help: 'The last batch of an epoch is left out if it is short.',
  },
  max_length: {
    type: 'integer',
    default: null,
    minimum: 3,
    own: true,
    help: "Tokens of a text, special tokens included; what is longer is cut. The model's own limit unless given.",
  },
} as const
