// What a split's data is called where it is shown.

/** `tweet_eval (sentiment)`: the data set and its configuration. */
export function nameSplitData({ dataSet, config }: { readonly dataSet: string; readonly config?: string }): string {
  return config === undefined ? dataSet : `${dataSet} (${config})`
}
