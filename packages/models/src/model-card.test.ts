// Tests of the model card: front matter, measured section, edits that stay.
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { ModelManifest } from './manifest.ts'
import { renderModelCard } from './render-model-card.ts'
import { EVALUATION, MANIFEST, TRAINED } from './test-fixtures.ts'
import { updateModelCard } from './update-model-card.ts'

const EVALUATED: ModelManifest = {
  ...MANIFEST,
  evaluations: [{ ...EVALUATION, file: 'onnx/model_quantized.onnx', encoding: 'int8' }],
}

function frontMatter(card: string): Record<string, unknown> {
  return parse(/^---\n([\s\S]*?)\n---\n/.exec(card)?.[1] ?? '') as Record<string, unknown>
}

describe('renderModelCard', () => {
  test('has the front matter that the Hub reads', () => {
    expect(frontMatter(renderModelCard(EVALUATED))).toEqual({
      license: 'apache-2.0',
      base_model: 'someone/tiny-base',
      pipeline_tag: 'text-classification',
      library_name: 'transformers.js',
      tags: ['sentiment-analysis', 'renown', 'onnx'],
      'model-index': [
        {
          name: 'tiny',
          results: [
            {
              task: { type: 'text-classification', name: 'Sentiment analysis' },
              dataset: { type: 'some-posts/sentiment', name: 'Some Posts/sentiment', split: 'test' },
              metrics: [
                {
                  type: 'recall',
                  value: 0.7018,
                  name: 'Macro recall (onnx/model_quantized.onnx, int8)',
                  args: { average: 'macro' },
                },
                { type: 'accuracy', value: 0.69, name: 'Accuracy (onnx/model_quantized.onnx, int8)' },
                {
                  type: 'f1',
                  value: 0.689,
                  name: 'Macro F1 (onnx/model_quantized.onnx, int8)',
                  args: { average: 'macro' },
                },
                {
                  type: 'expected_calibration_error',
                  value: 0.04,
                  name: 'Expected calibration error (onnx/model_quantized.onnx, int8)',
                },
              ],
            },
          ],
        },
      ],
    })
  })

  test('shows every metric with its interval, and which file is served', () => {
    const card = renderModelCard(EVALUATED)
    expect(card).toContain('| Macro recall | 0.7018 | 0.6935 – 0.7105 |')
    expect(card).toContain('| Accuracy | 0.6900 | – |')
    expect(card).toContain('12,284 rows')
    expect(card).toContain('this is the file that Renown serves by default')
    expect(card).toContain('| true negative | 5 | 1 | 0 |')
  })

  test('says what is not known instead of leaving it out', () => {
    const card = renderModelCard({ ...MANIFEST, training: null })
    expect(card).toContain('No evaluation of this model is recorded.')
    expect(card).toContain('How the model was trained is not recorded.')
    expect(card).toContain('No evaluation of this model is recorded.')
  })

  test('says when the evaluated file has been replaced, and which files were not measured', () => {
    const stale = { ...EVALUATED.evaluations[0]!, fileSha256: 'b'.repeat(64) }
    expect(renderModelCard({ ...EVALUATED, evaluations: [stale] })).toContain('the file has changed since')
    const files = { ...MANIFEST.files, 'onnx/model.onnx': { sha256: 'c'.repeat(64), bytes: 3 } }
    expect(renderModelCard({ ...EVALUATED, files })).toContain('Not measured: `onnx/model.onnx`.')
  })

  test('says how texts are prepared, or that they are not', () => {
    expect(renderModelCard(MANIFEST)).toContain('- mentions of accounts become `@user`')
    const preparation = { mentions: 'keep', urls: 'keep', entities: 'keep', escapes: 'keep' } as const
    expect(renderModelCard({ ...MANIFEST, preparation })).toContain('Texts are tokenised as they are.')
  })
})

describe('updateModelCard', () => {
  test('gives the card of the new manifest when nobody edited it', () => {
    expect(updateModelCard(renderModelCard(MANIFEST), EVALUATED)).toContain('| Macro recall | 0.7018 |')
    expect(frontMatter(updateModelCard(renderModelCard(MANIFEST), EVALUATED))).toEqual(
      frontMatter(renderModelCard(EVALUATED)),
    )
  })

  test('leaves what people wrote, in the text and at the top', () => {
    const edited = renderModelCard(MANIFEST)
      .replace('## Limits', '## What we think\n\nWe like it.\n\n## Limits')
      .replace('license: apache-2.0', 'license: apache-2.0\nlanguage: en # ours')
    const card = updateModelCard(edited, EVALUATED)
    expect(card).toContain('We like it.')
    expect(card).toContain('language: en # ours')
    expect(card).not.toContain('No evaluation of this model is recorded.')
    expect(updateModelCard(card, EVALUATED)).toBe(card)
  })

  test('adds the section to a card that has none', () => {
    const card = updateModelCard('# Mine\n\nHello.\n', EVALUATED)
    expect(card).toContain('Hello.')
    expect(card).toContain('| Macro recall | 0.7018 |')
    expect(frontMatter(card)).toMatchObject({ license: 'apache-2.0' })
  })

  test('refuses a card whose YAML is broken', () => {
    expect(() => updateModelCard('---\na: [1\n---\n', EVALUATED)).toThrow(/expected YAML/)
  })
})

describe('the card of a model that was trained here', () => {
  const card = renderModelCard({ ...TRAINED, evaluations: [{ ...EVALUATION, revision: '1234abcd' }] })

  test('names base and data sets where the Hub has them, and leaves local ones out', () => {
    expect(frontMatter(card)).toMatchObject({ base_model: 'someone/tiny-base', datasets: ['someone/posts'] })
    const [{ results }] = frontMatter(card)['model-index'] as [{ results: { dataset: unknown }[] }]
    expect(results[0]?.dataset).toMatchObject({ revision: '1234abcd' })
    const local = renderModelCard({
      ...TRAINED,
      base: { name: 'checkpoint-500' },
      training: { data: [{ name: 'posts.csv' }], recipe: {} },
    })
    expect(frontMatter(local)).not.toHaveProperty('base_model')
    expect(frontMatter(local)).not.toHaveProperty('datasets')
  })

  test('tells base, data, machine and every evaluation of the run', () => {
    expect(card).toContain('It starts from `someone/tiny-base` at revision `abcd1234` (SHA-256 of its weights `aaaa')
    expect(card).toContain('- someone/posts (mood), train, 45,615 rows, revision `1234abcd` (SHA-256 `aaaa')
    expect(card).toContain('Machine: Some CPU, 2 threads, linux x64, Node 20.20.0, onnxruntime 1.30.0.')
    expect(card).toContain('| epoch | step | training loss | validation loss | Macro recall | Accuracy |')
    expect(card).toContain('| 0.5 | 713 | – | 0.7000 | 0.6500 | – |')
    expect(card).toContain('| 1 | 1,426 | 0.8000 | 0.6000 | 0.7000 | 0.6900 |')
  })

  test('tells on what the temperature was fitted, or that none was found', () => {
    expect(card).toContain(
      'Logits are divided by 1.25 before softmax. The temperature was fitted on someone/posts (mood)',
    )
    const { temperatureFit } = TRAINED
    const none = temperatureFit === undefined ? {} : { temperatureFit: { ...temperatureFit, value: 1 } }
    expect(renderModelCard({ ...TRAINED, temperature: 1, ...none })).toContain('none was found')
  })

  test('says that the 32-bit ONNX file is measured by its twin', () => {
    const { files } = TRAINED
    const file = files['config.json'] as (typeof files)[string]
    const twins = { ...TRAINED, files: { ...files, 'model.safetensors': file, 'onnx/model.onnx': file } }
    const measured = renderModelCard({ ...twins, evaluations: [EVALUATION] })
    expect(measured).toContain('`onnx/model.onnx` holds the same numbers as `model.safetensors`')
    expect(measured).toContain('Not measured: `onnx/model_quantized.onnx`.')
    expect(renderModelCard(twins)).not.toContain('holds the same numbers')
  })
})
