// One run of a session: our packed graph, or any graph with the interface of transformers.
import { type InferenceSession, Tensor } from 'onnxruntime-node'
import { type EncoderConfig, firstPosition, packRows, planRows } from '../encoders/index.ts'
import { MlError } from '../errors.ts'

export interface Runner {
  run(sequences: readonly Int32Array[]): Promise<Float32Array[]>
  slots(lengths: readonly number[]): number
  release(): Promise<void>
}

/** Rows of logits [texts, labels] as one array each. */
function splitLogits(logits: Tensor, texts: number, labels: number): Float32Array[] {
  const data = logits.data as Float32Array
  if (data.length !== texts * labels) {
    throw new MlError('MODEL_FILE_INVALID', `logits: expected ${texts} × ${labels} values, got [${logits.dims}]`)
  }
  return Array.from({ length: texts }, (_, text) => data.slice(text * labels, (text + 1) * labels))
}

function expectFits(sequences: readonly Int32Array[], config: EncoderConfig): void {
  const longest = config.maxPositionEmbeddings - firstPosition(config)
  for (const { length } of sequences) {
    if (length < 1 || length > longest) {
      throw new MlError('SHAPE_MISMATCH', `sequence: expected 1 … ${longest} tokens, got ${length}`)
    }
  }
}

/** Several texts a row. */
export function packedRunner(session: InferenceSession, config: EncoderConfig): Runner {
  const tokens = { padId: config.padTokenId, firstPosition: firstPosition(config) }
  return {
    run: async (sequences) => {
      expectFits(sequences, config)
      const plan = planRows(
        sequences.map(({ length }) => length),
        config.hiddenSize,
      )
      const packed = packRows(sequences, plan, tokens)
      const [rows, texts] = [[plan.rows, plan.length], [sequences.length]]
      const { logits } = await session.run({
        input_ids: new Tensor('int32', packed.inputIds, rows),
        position_ids: new Tensor('int32', packed.positionIds, rows),
        segment_ids: new Tensor('int32', packed.segmentIds, rows),
        first_rows: new Tensor('int32', packed.firstRows, texts),
        first_tokens: new Tensor('int32', packed.firstTokens, texts),
      })
      return splitLogits(logits!, sequences.length, config.labels.length)
    },
    slots: (lengths) => {
      const plan = planRows(lengths, config.hiddenSize)
      return plan.rows * plan.length
    },
    release: () => session.release(),
  }
}

const PADDED_INPUTS = ['input_ids', 'attention_mask', 'token_type_ids'] as const

function paddedFeeds(
  sequences: readonly Int32Array[],
  names: readonly string[],
  padId: number,
): Record<string, Tensor> {
  const length = Math.max(...sequences.map((sequence) => sequence.length))
  const size = sequences.length * length
  const arrays = {
    input_ids: new BigInt64Array(size).fill(BigInt(padId)),
    attention_mask: new BigInt64Array(size),
    token_type_ids: new BigInt64Array(size),
  }
  sequences.forEach((sequence, row) => {
    arrays.attention_mask.fill(1n, row * length, row * length + sequence.length)
    sequence.forEach((id, place) => {
      arrays.input_ids[row * length + place] = BigInt(id)
    })
  })
  const used = PADDED_INPUTS.filter((name) => names.includes(name))
  return Object.fromEntries(used.map((name) => [name, new Tensor('int64', arrays[name], [sequences.length, length])]))
}

/** One text a row, as published files have it. */
export function paddedRunner(session: InferenceSession, config: EncoderConfig): Runner {
  const unknown = session.inputNames.filter((name) => !PADDED_INPUTS.some((known) => known === name))
  const output = session.outputNames.includes('logits') ? 'logits' : session.outputNames[0]!
  if (unknown.length > 0 || !session.inputNames.includes('input_ids')) {
    throw new MlError(
      'MODEL_FILE_INVALID',
      `ONNX inputs: expected ${PADDED_INPUTS.join(', ')}, got ${session.inputNames.join(', ')}`,
    )
  }
  return {
    run: async (sequences) => {
      expectFits(sequences, config)
      const results = await session.run(paddedFeeds(sequences, session.inputNames, config.padTokenId))
      return splitLogits(results[output]!, sequences.length, config.labels.length)
    },
    slots: (lengths) => lengths.length * Math.max(...lengths),
    release: () => session.release(),
  }
}
