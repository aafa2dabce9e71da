// Which parameters weight decay leaves alone.

/** transformers/src/transformers/trainer.py, `get_decay_parameter_names`: biases and norms. */
const NOT_DECAYED = /bias|layernorm|rmsnorm|(?:^|\.)norm(?:$|\.)|_norm(?:$|\.)/i

/** Splits names as transformers' Trainer does: embeddings are decayed, biases and norms are not. */
export function decayGroups(names: Iterable<string>): { readonly decayed: string[]; readonly plain: string[] } {
  const all = [...names]
  return {
    decayed: all.filter((name) => !NOT_DECAYED.test(name)),
    plain: all.filter((name) => NOT_DECAYED.test(name)),
  }
}
