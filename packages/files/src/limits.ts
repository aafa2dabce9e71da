// How much a file may ask for before a row, or the file, is refused.
export interface FileLimits {
  /** Longest field; a longer one rejects its row. */
  readonly fieldBytes: number
  /** Longest row, all fields together; a longer one is rejected. */
  readonly rowBytes: number
  readonly columns: number
  /**
   * Gzip: how many bytes one byte may become, looked at once `gzipRatioFrom` bytes came out. Posts pack 3 to 20 times, a
   * hundred of them over and over about 160 times, one and the same line up to 1,032 times.
   */
  readonly gzipRatio: number
  readonly gzipRatioFrom: number
  /** Gzip: how many bytes may come out at all. */
  readonly expandedBytes: number
  /** Parquet inside gzip, or from a stream, is laid down in a temporary file of at most this size. */
  readonly spoolBytes: number
  /** Parquet: the largest footer, the largest page once unpacked, and the largest row group by its own account. */
  readonly parquetFooterBytes: number
  readonly parquetPageBytes: number
  readonly parquetRowGroupBytes: number
  readonly parquetRowGroupRows: number
}

const MIB = 1024 * 1024

export const DEFAULT_LIMITS: FileLimits = {
  fieldBytes: MIB,
  rowBytes: 4 * MIB,
  columns: 2000,
  gzipRatio: 200,
  gzipRatioFrom: 32 * MIB,
  expandedBytes: 64 * 1024 * MIB,
  spoolBytes: 4 * 1024 * MIB,
  parquetFooterBytes: 64 * MIB,
  parquetPageBytes: 256 * MIB,
  parquetRowGroupBytes: 2 * 1024 * MIB,
  parquetRowGroupRows: 16_000_000,
}
