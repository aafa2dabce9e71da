// Every error of reading and writing files, by code.
export const FILES_ERROR_CODES = [
  'FILE_NOT_FOUND',
  'FILE_UNREADABLE',
  'FILE_EMPTY',
  'FORMAT_UNKNOWN',
  'FORMAT_UNSUPPORTED',
  'ENCODING_UNSUPPORTED',
  'NO_COLUMNS',
  'TOO_MANY_COLUMNS',
  'COLUMN_NOT_FOUND',
  'HEADER_INVALID',
  'JSON_NO_ROWS',
  'GZIP_INVALID',
  'GZIP_TRUNCATED',
  'GZIP_EXPANSION',
  'PARQUET_INVALID',
  'PARQUET_UNSUPPORTED',
  'PARQUET_TOO_LARGE',
  'SPOOL_TOO_LARGE',
  'ALREADY_READ',
] as const

export type FilesErrorCode = (typeof FILES_ERROR_CODES)[number]

/** Why one row was left out while the rest of the file went on. */
export const ROW_ERROR_CODES = [
  'COLUMN_COUNT',
  'QUOTE_INVALID',
  'QUOTE_UNCLOSED',
  'FIELD_TOO_LONG',
  'ROW_TOO_LONG',
  'JSON_INVALID',
  'JSON_NOT_OBJECT',
  'JSON_TRUNCATED',
  'TEXT_MISSING',
  'TEXT_EMPTY',
] as const

export type RowErrorCode = (typeof ROW_ERROR_CODES)[number]

/** An error that concerns the whole file; a caller may branch on `code`. The message says what, expected and got. */
export class FilesError extends Error {
  override readonly name = 'FilesError'
  readonly code: FilesErrorCode

  constructor(code: FilesErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
