// Training arguments: when to log, evaluate, save and stop, and which weights are kept.

export const REPORT_ARGUMENTS = {
  logging_strategy: {
    type: 'choice',
    default: 'steps',
    choices: ['no', 'steps', 'epoch'],
    help: 'When the loss is logged.',
  },
  logging_steps: {
    type: 'number',
    default: 500,
    minimum: 0,
    help: 'Updates between log rows; below 1 it is a share of all updates.',
  },
  logging_first_step: { type: 'boolean', default: false, help: 'Also logs the first update.' },
  eval_strategy: {
    type: 'choice',
    default: 'no',
    choices: ['no', 'steps', 'epoch'],
    aliases: ['evaluation_strategy'],
    help: 'When the evaluation set is scored.',
  },
  eval_steps: {
    type: 'number',
    default: null,
    minimum: 0,
    help: 'Updates between evaluations, logging_steps unless given; below 1 it is a share of all updates.',
  },
  eval_delay: {
    type: 'number',
    default: 0,
    minimum: 0,
    help: 'Updates (or epochs, as the strategy counts) before the first evaluation.',
  },
  eval_on_start: { type: 'boolean', default: false, help: 'Also evaluates before the first update.' },
  save_strategy: {
    type: 'choice',
    default: 'steps',
    choices: ['no', 'steps', 'epoch', 'best'],
    help: 'When a checkpoint is saved; best: after each evaluation that is better than all before.',
  },
  save_steps: {
    type: 'number',
    default: 500,
    minimum: 0,
    help: 'Updates between checkpoints; below 1 it is a share of all updates.',
  },
  save_total_limit: {
    type: 'integer',
    default: null,
    minimum: 1,
    help: 'Checkpoints that are kept; the best and the latest always are.',
  },
  load_best_model_at_end: {
    type: 'boolean',
    default: false,
    help: 'The final weights are those of the best checkpoint instead of the last.',
  },
  metric_for_best_model: {
    type: 'choice',
    default: null,
    choices: ['loss', 'accuracy', 'macro_recall', 'macro_f1'],
    help: 'What the best checkpoint is best in, with or without eval_ before it.',
  },
  greater_is_better: {
    type: 'boolean',
    default: null,
    help: 'Whether more of the metric is better; true unless it is the loss.',
  },
  early_stopping_patience: {
    type: 'integer',
    default: null,
    minimum: 1,
    own: true,
    help: 'Stops after so many evaluations in a row that were not better.',
  },
  early_stopping_threshold: {
    type: 'number',
    default: 0,
    minimum: 0,
    own: true,
    help: 'By how much an evaluation must be better to count for early stopping.',
  },
  resume_from_checkpoint: {
    type: 'resume',
    default: null,
    help: 'Continues from this checkpoint folder; true: from the latest whole one in the output folder.',
  },
} as const
