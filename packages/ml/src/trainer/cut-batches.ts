// Cuts an order of texts into batches, updates, and the parts that go through the model at once.
import type { TrainingArguments } from './arguments/training-arguments.ts'

/** An epoch's updates, each a list of text indices: gradient_accumulation_steps batches, fewer at the end. */
export function cutUpdates(
  order: readonly number[],
  lengths: readonly number[],
  settings: TrainingArguments,
): { readonly batches: number; readonly updates: readonly (readonly number[])[] } {
  const batches =
    settings.maxTokensPerBatch === null
      ? cutByCount(order, settings.perDeviceTrainBatchSize, settings.dataloaderDropLast)
      : cutByTokens(order, lengths, settings.maxTokensPerBatch)
  const size = settings.gradientAccumulationSteps
  const updates: number[][] = []
  for (let start = 0; start < batches.length; start += size) updates.push(batches.slice(start, start + size).flat())
  return { batches: batches.length, updates }
}

function cutByCount(order: readonly number[], size: number, dropLast: boolean): number[][] {
  const batches: number[][] = []
  const end = dropLast ? order.length - (order.length % size) : order.length
  for (let start = 0; start < end; start += size) batches.push(order.slice(start, Math.min(start + size, end)))
  return batches
}

/** As many texts as fit into the budget, in order; a text that is longer than the budget goes alone. */
export function cutByTokens(order: readonly number[], lengths: readonly number[], budget: number): number[][] {
  const batches: number[][] = []
  let batch: number[] = []
  let used = 0
  for (const index of order) {
    const length = lengths[index]!
    if (batch.length > 0 && used + length > budget) {
      batches.push(batch)
      batch = []
      used = 0
    }
    batch.push(index)
    used += length
  }
  if (batch.length > 0) batches.push(batch)
  return batches
}

/**
 * Cuts an update's texts into as few parts of about the same number of tokens as the budget allows: the longest first,
 * each into the emptiest part (Graham 1969). Within a part the order stays. A text longer than the budget goes alone.
 * @param lengths tokens of each text of the update
 * @returns places in the update, a list for each part
 */
export function cutMicroBatches(lengths: readonly number[], budget: number): number[][] {
  const total = lengths.reduce((sum, length) => sum + length, 0)
  const longest = lengths.map((_, place) => place).sort((a, b) => lengths[b]! - lengths[a]!)
  for (let count = Math.max(1, Math.ceil(total / budget)); ; count++) {
    const parts = spread(longest, lengths, Math.min(count, lengths.length))
    const fits = parts.every((part) => part.length === 1 || sumOf(part, lengths) <= budget)
    if (fits || count >= lengths.length) return parts.map((part) => part.sort((a, b) => a - b))
  }
}

function spread(longest: readonly number[], lengths: readonly number[], count: number): number[][] {
  const parts: number[][] = Array.from({ length: count }, () => [])
  const used = new Array<number>(count).fill(0)
  for (const place of longest) {
    const emptiest = used.indexOf(Math.min(...used))
    parts[emptiest]!.push(place)
    used[emptiest]! += lengths[place]!
  }
  return parts
}

function sumOf(places: readonly number[], lengths: readonly number[]): number {
  return places.reduce((sum, place) => sum + lengths[place]!, 0)
}
