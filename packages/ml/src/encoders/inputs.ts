// The two ways texts are laid out for an encoder: one a row with padding (published files), several a row (packed).
import { bytesOf, type Graph, type Value } from '../graph/index.ts'
import { type EncoderConfig, firstPosition } from './config.ts'
import { type EncoderInputs, MASKED } from './encoder.ts'

function int64Scalar(graph: Graph, value: number): Value {
  return graph.constant(`int64_${value}`, { type: 'int64', shape: [], bytes: bytesOf(BigInt64Array.of(BigInt(value))) })
}

/** 0 where `visible` holds, MASKED elsewhere. */
function maskOf(graph: Graph, visible: Value): Value {
  return graph.add('Where', [visible, graph.scalar(0), graph.scalar(MASKED)])
}

/** 0, 1, 2, … along each row that is not padding, plus the table's first position; the padding's own row for padding. */
function paddedPositions(graph: Graph, config: EncoderConfig, ids: Value): Value {
  const isToken = graph.add(
    'Cast',
    [graph.add('Not', [graph.add('Equal', [ids, int64Scalar(graph, config.padTokenId)])])],
    { to: 'int64' },
  )
  const counted = graph.add('Mul', [graph.add('CumSum', [isToken]), isToken])
  return graph.add('Add', [counted, int64Scalar(graph, firstPosition(config) - 1)])
}

/** BERT counts every place, padding too; so does its reference. */
function countedPositions(graph: Graph, ids: Value): Value {
  const ones = graph.add('Add', [graph.add('Mul', [ids, int64Scalar(graph, 0)]), int64Scalar(graph, 1)])
  return graph.add('Sub', [graph.add('CumSum', [ones]), int64Scalar(graph, 1)])
}

/**
 * The interface of transformers: input_ids, attention_mask and, for BERT, token_type_ids, all int64 [batch, sequence].
 */
export function paddedInputs(graph: Graph, config: EncoderConfig): EncoderInputs {
  const shape = ['batch', 'sequence']
  const wordIds = graph.input('input_ids', 'int64', shape)
  const attended = graph.input('attention_mask', 'int64', shape)
  const isBert = config.modelType === 'bert'
  const tokenTypes = isBert ? graph.input('token_type_ids', 'int64', shape) : zeroTokenType(graph)
  const visible = graph.add('Not', [graph.add('Equal', [attended, int64Scalar(graph, 0)])])
  const mask = graph.add('Unsqueeze', [maskOf(graph, visible)], { axes: [1, 2] }) // [batch, 1, 1, sequence]
  return {
    wordIds,
    tokenTypes,
    mask,
    positionIds: isBert ? countedPositions(graph, wordIds) : paddedPositions(graph, config, wordIds),
    first: {
      mask,
      select: (hidden) => graph.add('Slice', [hidden], { axis: 1, start: 0, end: 1 }),
      rowsOf: (hidden) => hidden,
    },
  }
}

function zeroTokenType(graph: Graph): Value {
  return graph.constant('token_type_zero', { type: 'int64', shape: [1, 1], bytes: bytesOf(BigInt64Array.of(0n)) })
}

/**
 * Several texts a row, all int32: input_ids, position_ids, segment_ids [rows, length] (a token sees its own segment),
 * first_rows and first_tokens [texts] (each text's row, and its first token counted over all rows).
 */
export function packedInputs(graph: Graph, config: EncoderConfig): EncoderInputs {
  const shape = ['rows', 'length']
  const wordIds = graph.input('input_ids', 'int32', shape)
  const positionIds = graph.input('position_ids', 'int32', shape)
  const segments = graph.input('segment_ids', 'int32', shape)
  const firstRows = graph.input('first_rows', 'int32', ['texts'])
  const firstTokens = graph.input('first_tokens', 'int32', ['texts'])
  const keySegments = graph.add('Unsqueeze', [segments], { axes: [1, 2] }) // [rows, 1, 1, length]
  const querySegments = graph.add('Unsqueeze', [segments], { axes: [1, 3] }) // [rows, 1, length, 1]
  const firstSegments = graph.add(
    'Gather',
    [graph.add('Reshape', [segments], { shape: ['rows·length'] }), firstTokens],
    { axis: 0 },
  )
  const firstKeySegments = graph.add('Gather', [keySegments, firstRows], { axis: 0 }) // [texts, 1, 1, length]
  const width = config.hiddenSize
  return {
    wordIds,
    positionIds,
    tokenTypes: zeroTokenType(graph),
    mask: maskOf(graph, graph.add('Equal', [keySegments, querySegments])),
    first: {
      mask: maskOf(
        graph,
        graph.add('Equal', [firstKeySegments, graph.add('Reshape', [firstSegments], { shape: ['texts', 1, 1, 1] })]),
      ),
      select: (hidden) => {
        const tokens = graph.add('Reshape', [hidden], { shape: ['rows·length', width] })
        return graph.add('Unsqueeze', [graph.add('Gather', [tokens, firstTokens], { axis: 0 })], { axes: [1] })
      },
      rowsOf: (hidden) => graph.add('Gather', [hidden, firstRows], { axis: 0 }),
    },
  }
}
