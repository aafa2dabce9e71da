// Counters and histograms for what happens with every request: each series is found once and then costs an addition.
//
// prom-client looks its series up by a string that it builds at every call. These are folded into its shape when a
// registry is scraped, so that a registry holds both kinds.
import type { Metric, Registry } from 'prom-client'

export type Labels = Readonly<Record<string, string>>

/** What links one observation to its trace. */
export interface Exemplar {
  readonly labelSet: Labels
  readonly value: number
  /** Seconds since 1970. */
  readonly timestamp: number
}

/** One line of a scrape. */
export interface Sample {
  readonly metricName?: string
  readonly labels: Readonly<Record<string, string | number>>
  readonly value: number
  readonly exemplar?: Exemplar | null
}

interface SeriesOptions {
  readonly name: string
  readonly help: string
  readonly labelNames?: readonly string[]
  readonly registers: readonly Registry[]
}

/** Series by their labels, in the order of their making. */
abstract class SeriesMetric<Series extends { readonly labels: Labels }> {
  readonly name: string
  readonly help: string
  readonly labelNames: readonly string[]
  abstract readonly type: 'counter' | 'histogram'
  readonly aggregator = 'sum'
  readonly #series = new Map<string, Series>()

  constructor({ name, help, labelNames = [], registers }: SeriesOptions) {
    this.name = name
    this.help = help
    this.labelNames = labelNames
    // The registry asks a metric for its name and for `get`, which this has.
    for (const registry of registers) registry.registerMetric(this as unknown as Metric)
  }

  /** The series of these labels, which begins at zero. Keep it where it is used often. */
  at(labels: Labels = {}): Series {
    const key = this.#keyOf(labels)
    let series = this.#series.get(key)
    if (series === undefined) {
      series = this.create(labels)
      this.#series.set(key, series)
    }
    return series
  }

  remove(labels: Labels): void {
    this.#series.delete(this.#keyOf(labels))
  }

  async get(): Promise<{ name: string; help: string; type: string; aggregator: string; values: Sample[] }> {
    const values = [...this.#series.values()].flatMap((series) => this.toSamples(series))
    return { name: this.name, help: this.help, type: this.type, aggregator: this.aggregator, values }
  }

  protected abstract create(labels: Labels): Series
  protected abstract toSamples(series: Series): Sample[]

  #keyOf(labels: Labels): string {
    return JSON.stringify(this.labelNames.map((name) => labels[name]))
  }
}

export class CounterSeries {
  readonly labels: Labels
  value = 0

  constructor(labels: Labels) {
    this.labels = labels
  }

  add(count = 1): void {
    this.value += count
  }
}

export class SeriesCounter extends SeriesMetric<CounterSeries> {
  readonly type = 'counter'

  protected create(labels: Labels): CounterSeries {
    return new CounterSeries(labels)
  }

  protected toSamples({ labels, value }: CounterSeries): Sample[] {
    return [{ labels, value }]
  }
}

export class HistogramSeries {
  readonly labels: Labels
  readonly #bounds: readonly number[]
  /** Of each bucket alone; the last one is for what is above every bound. */
  readonly counts: Float64Array
  readonly exemplars: (Exemplar | null)[]
  sum = 0

  constructor(labels: Labels, bounds: readonly number[]) {
    this.labels = labels
    this.#bounds = bounds
    this.counts = new Float64Array(bounds.length + 1)
    this.exemplars = new Array<Exemplar | null>(bounds.length + 1).fill(null)
  }

  /** What isn't a number is left out: it would spoil the sum for good. */
  observe(value: number, traceId?: string): void {
    if (!Number.isFinite(value)) return
    let bucket = 0
    while (bucket < this.#bounds.length && value > this.#bounds[bucket]!) bucket++
    this.counts[bucket]!++
    this.sum += value
    if (traceId === undefined) return
    this.exemplars[bucket] = { labelSet: { trace_id: traceId }, value, timestamp: Date.now() / 1000 }
  }
}

export class SeriesHistogram extends SeriesMetric<HistogramSeries> {
  readonly type = 'histogram'
  readonly #bounds: readonly number[]

  constructor(options: SeriesOptions & { readonly buckets: readonly number[] }) {
    super(options)
    this.#bounds = options.buckets
  }

  protected create(labels: Labels): HistogramSeries {
    return new HistogramSeries(labels, this.#bounds)
  }

  protected toSamples({ labels, counts, exemplars, sum }: HistogramSeries): Sample[] {
    let count = 0
    const buckets = [...this.#bounds, Number.POSITIVE_INFINITY].map((bound, index): Sample => {
      count += counts[index]!
      const le = bound === Number.POSITIVE_INFINITY ? '+Inf' : bound
      const exemplar = exemplars[index]!
      return { metricName: `${this.name}_bucket`, labels: { ...labels, le }, value: count, exemplar }
    })
    return [
      ...buckets,
      { metricName: `${this.name}_sum`, labels, value: sum },
      { metricName: `${this.name}_count`, labels, value: count },
    ]
  }
}
