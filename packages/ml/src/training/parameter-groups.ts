// Which parameters are trained, and at what share of the learning rate.
import { classifierParameters, type EncoderConfig, type Parameter } from '../encoders/index.ts'
import { MlError } from '../errors.ts'
import type { FreezeOptions } from './trainable-model.ts'

/** Of the encoder's layers, from 0; −1 for the embeddings, the number of layers for the head. */
export function depthOf(config: EncoderConfig, parameter: Parameter): number {
  if (parameter.role === 'head') return config.numHiddenLayers
  const layer = /\.encoder\.layer\.(\d+)\./.exec(parameter.name)
  return layer ? Number(layer[1]) : -1
}

/**
 * Names of the parameters that are trained. BERT's pooler counts as a part of the head: without it the head is one linear
 * layer over a vector that was never meant for it.
 * @throws MlError TRAINING_INVALID for more layers than the encoder has
 */
export function trainedParameters(config: EncoderConfig, freeze: FreezeOptions): Set<string> {
  if (freeze.layers > config.numHiddenLayers) {
    throw new MlError(
      'TRAINING_INVALID',
      `freeze_layers: expected at most ${config.numHiddenLayers}, the encoder's layers, got ${freeze.layers}`,
    )
  }
  const lowest = freeze.encoder ? config.numHiddenLayers : freeze.layers
  const embeddings = freeze.embeddings || freeze.encoder
  const isTrained = (parameter: Parameter): boolean => {
    const depth = depthOf(config, parameter)
    return depth === -1 ? !embeddings : depth >= lowest
  }
  return new Set(classifierParameters(config).flatMap((each) => (isTrained(each) ? [each.name] : [])))
}

/** What the learning rate of each parameter is multiplied by: decay^(layers between it and the head), 1 for the head. */
export function rateMultipliers(config: EncoderConfig, decay: number): Map<string, number> {
  return new Map(
    classifierParameters(config).map((each) => [each.name, decay ** (config.numHiddenLayers - depthOf(config, each))]),
  )
}
