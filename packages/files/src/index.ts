// Rows in and out: the package's public names.
export type { FilesErrorCode, RowErrorCode } from './errors.ts'
export { FILES_ERROR_CODES, FilesError, ROW_ERROR_CODES } from './errors.ts'
export type { FileLimits } from './limits.ts'
export { DEFAULT_LIMITS } from './limits.ts'
export type { FileFormat, ReadOptions, RejectedRow, RowOutcome, RowSource, SourceRow } from './rows.ts'
export { cellText, FILE_FORMATS, isRejectedRow } from './rows.ts'
