// What the stand-in for the Hub holds before the pipeline runs: the base and the data set that the pipeline names.

import { join } from 'node:path'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { somePosts, type TestPost } from '../../../packages/cli/src/train/test-posts.ts'
import { type HubStandIn, readFolder } from '../../../packages/models/src/hub/testing/hub-stand-in.ts'
import { ROOT } from '../../support/workspace.ts'

const LABELS = ['negative', 'neutral', 'positive']
const CARD = `---
configs:
- config_name: sentiment
  data_files:
  - {split: train, path: sentiment/train-*}
  - {split: validation, path: sentiment/validation-*}
  - {split: test, path: sentiment/test-*}
dataset_info:
- config_name: sentiment
  features:
  - {name: text, dtype: string}
  - name: label
    dtype: {class_label: {names: {'0': negative, '1': neutral, '2': positive}}}
---
`
const FILES = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'vocab.txt', 'model.safetensors']

/** A tiny base in the place of MiniLM, and 504 made-up posts in the place of TweetEval's. */
export async function fillHub(hub: HubStandIn): Promise<void> {
  const base = await readFolder(join(ROOT, 'packages/ml/fixtures/tiny-bert'), FILES)
  const readme = '---\nlicense: apache-2.0\n---\n'
  hub.add({ name: 'sentence-transformers/all-MiniLM-L6-v2', files: { ...base, 'README.md': readme } })
  const posts = somePosts(504)
  const splits = { train: posts.slice(0, 402), validation: posts.slice(402, 453), test: posts.slice(453) }
  const parts = Object.entries(splits).map(([name, rows]) => [
    `sentiment/${name}-00000-of-00001.parquet`,
    toParquet(rows),
  ])
  hub.add({ type: 'dataset', name: 'tweet_eval', files: { 'README.md': CARD, ...Object.fromEntries(parts) } })
}

function toParquet(posts: readonly TestPost[]): Uint8Array {
  const columnData = [
    { name: 'text', data: posts.map(({ text }) => text), type: 'STRING' as const },
    { name: 'label', data: posts.map(({ label }) => LABELS.indexOf(label)), type: 'INT32' as const },
  ]
  return new Uint8Array(parquetWriteBuffer({ columnData }))
}
