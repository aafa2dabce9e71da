// Which module a worker starts with: the compiled entry, or the one that registers tsx beside the sources.

export interface WorkerEntry {
  readonly url: URL
  readonly execArgv: readonly string[]
}

/** The entry beside this module, or the given one; a TypeScript module means that we run from sources. */
export function locateEntry(given?: URL): WorkerEntry {
  const fromSources = import.meta.url.endsWith('.ts')
  const url = given ?? new URL(fromSources ? './from-sources.mjs' : './entry.js', import.meta.url)
  return { url, execArgv: fromSources ? ['--conditions=source'] : [] }
}
