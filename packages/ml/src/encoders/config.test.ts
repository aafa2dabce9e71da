// config.json is checked: what isn't supported, damaged or hostile is named.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { classifierParameters, firstPosition, parseEncoderConfig } from './index.ts'

const BERT = JSON.parse(
  readFileSync(new URL('../../fixtures/tiny-bert/config.json', import.meta.url), 'utf8'),
) as object
const ROBERTA = JSON.parse(
  readFileSync(new URL('../../fixtures/tiny-roberta/config.json', import.meta.url), 'utf8'),
) as object

describe('config.json', () => {
  it('of a BERT is read', () => {
    expect(parseEncoderConfig(BERT)).toMatchObject({
      modelType: 'bert',
      hiddenSize: 32,
      numHiddenLayers: 2,
      labels: ['negative', 'neutral', 'positive'],
    })
  })

  it('places RoBERTa’s first token behind the padding’s rows', () => {
    expect(firstPosition(parseEncoderConfig(ROBERTA))).toBe(2)
    expect(firstPosition(parseEncoderConfig(BERT))).toBe(0)
  })

  it.each([
    [
      'another architecture',
      { model_type: 'distilbert' },
      'ARCHITECTURE_UNSUPPORTED',
      /model_type: expected bert or roberta, got "distilbert"/,
    ],
    [
      'another head',
      { architectures: ['BertForMaskedLM'] },
      'ARCHITECTURE_UNSUPPORTED',
      /ForSequenceClassification, got "BertForMaskedLM"/,
    ],
    ['a decoder', { is_decoder: true }, 'ARCHITECTURE_UNSUPPORTED', /decoder/],
    [
      'another activation',
      { hidden_act: 'swiglu' },
      'ACTIVATION_UNSUPPORTED',
      /expected one of gelu, gelu_new.*got "swiglu"/,
    ],
    ['an inherited property as activation', { hidden_act: 'constructor' }, 'ACTIVATION_UNSUPPORTED', /"constructor"/],
    [
      'relative positions',
      { position_embedding_type: 'relative_key' },
      'POSITIONS_UNSUPPORTED',
      /expected "absolute", got "relative_key"/,
    ],
    [
      'a negative size',
      { hidden_size: -32 },
      'CONFIG_INVALID',
      /hidden_size: expected a whole number from 1 to 65536, got -32/,
    ],
    ['a huge size', { vocab_size: 1e12 }, 'CONFIG_INVALID', /vocab_size/],
    ['a fraction of a layer', { num_hidden_layers: 1.5 }, 'CONFIG_INVALID', /num_hidden_layers.*got 1.5/],
    ['heads that do not divide the width', { num_attention_heads: 5 }, 'CONFIG_INVALID', /no multiple/],
    ['labels with a gap', { id2label: { 0: 'a', 2: 'b' } }, 'CONFIG_INVALID', /id2label/],
    ['padding outside the vocabulary', { pad_token_id: 100_000 }, 'CONFIG_INVALID', /pad_token_id/],
    ['text for a number', { layer_norm_eps: 'small' }, 'CONFIG_INVALID', /layer_norm_eps.*got "small"/],
  ])('with %s is refused', (_, change, code, message) => {
    expect(() => parseEncoderConfig({ ...BERT, ...change })).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    )
  })

  it.each([null, 3, 'text', []])('that is %j is refused', (json) => {
    expect(() => parseEncoderConfig(json)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }))
  })

  it('lists as many parameters as PyTorch counts', () => {
    const count = (json: object) =>
      classifierParameters(parseEncoderConfig(json)).reduce(
        (total, { shape }) => total + shape.reduce((size, dim) => size * dim, 1),
        0,
      )
    // bytes of float32 data in the reference's gradients: every parameter that is used has one
    expect(count(BERT) * 4).toBe(gradientBytes('tiny-bert'))
    expect(count(ROBERTA) * 4).toBe(gradientBytes('tiny-roberta'))
  })
})

function gradientBytes(model: string): number {
  const file = readFileSync(new URL(`../../fixtures/${model}/gradients.safetensors`, import.meta.url))
  return file.byteLength - 8 - Number(file.readBigUInt64LE(0))
}
