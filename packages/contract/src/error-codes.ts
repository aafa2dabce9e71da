// Every error that the API answers with: code, status, title and explanation. Codes are stable; add, never rename.

export interface ErrorEntry {
  readonly status: number
  readonly title: string
  readonly explanation: string
}

export const API_ERROR_CODES = {
  INVALID_JSON: {
    status: 400,
    title: 'The body is not valid JSON',
    explanation: 'Send a JSON document in UTF-8, for example {"text": "..."}.',
  },
  INVALID_REQUEST: {
    status: 400,
    title: 'The request is malformed',
    explanation:
      'The HTTP request itself could not be understood: a broken request line, header, length, multipart part or percent-encoding.',
  },
  KEY_REQUIRED: {
    status: 401,
    title: 'Credentials are required',
    explanation:
      'Send an API key as "Authorization: Bearer rk_...", or log in on the page. Keys are made with "renown keys create". A request that a proxy forwarded needs one even on a loopback address.',
  },
  KEY_INVALID: {
    status: 401,
    title: 'The credentials are not valid',
    explanation: 'The API key or the session is unknown, expired or revoked. Make a new key with "renown keys create".',
  },
  SCOPE_MISSING: {
    status: 403,
    title: 'The key may not do this',
    explanation: 'The API key lacks the scope that the route asks for.',
  },
  ORIGIN_REFUSED: {
    status: 403,
    title: 'The page that sent this is not allowed to',
    explanation:
      'A browser sent the request from another origin. Add the origin to RENOWN_CORS_ORIGINS if that is meant.',
  },
  ROUTE_NOT_FOUND: {
    status: 404,
    title: 'There is nothing at this address',
    explanation: 'See /docs for the addresses of the API.',
  },
  TEXT_NOT_FOUND: {
    status: 404,
    title: 'There is no such text to label',
    explanation: 'It has a label already, or its seven days are over; GET /api/v1/drift/texts has others.',
  },
  SCORING_NOT_FOUND: {
    status: 404,
    title: 'There is no such scoring',
    explanation: 'It never existed, was deleted, or expired: scorings are kept for a day.',
  },
  VERSION_NOT_FOUND: {
    status: 404,
    title: 'There is no such version',
    explanation: 'GET /api/v1/registry lists the versions; one that was removed is VERSION_PRUNED.',
  },
  ALIAS_NOT_SET: {
    status: 404,
    title: 'The alias names no version',
    explanation: 'Promote a version to it first; GET /api/v1/registry lists the aliases that are set.',
  },
  REPORT_NOT_FOUND: {
    status: 404,
    title: 'The version has no such report',
    explanation:
      'It was added without one, or the report is too large to be handed out. `reports` of the version lists those it has.',
  },
  TASK_NOT_FOUND: {
    status: 404,
    title: 'There is no such task',
    explanation: 'Tasks are remembered until the server stops, the last twenty of them.',
  },
  VERSION_NOT_REFUSED: {
    status: 404,
    title: 'The server does not stay off this version',
    explanation: '`refused` of GET /api/v1/deployment lists what can be allowed again.',
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    title: 'The address does not answer to this method',
    explanation: 'The Allow header lists the methods that it does answer to.',
  },
  REQUEST_TIMEOUT: {
    status: 408,
    title: 'The request took too long to arrive',
    explanation: 'Send headers and body without long pauses.',
  },
  SCORING_STATE: {
    status: 409,
    title: 'The scoring is in another state',
    explanation:
      'The step asked for does not fit the status of the scoring, for example starting one that already runs.',
  },
  ALIAS_MOVED: {
    status: 409,
    title: 'The alias was moved meanwhile',
    explanation:
      'It does not name the version that was expected, so nothing was moved. Look at it again, then decide anew.',
  },
  ROLLBACK_REFUSED: {
    status: 409,
    title: 'There is nothing to go back to',
    explanation: 'No version came before this one, or it is not loaded any more. Promote another version instead.',
  },
  GATE_NOT_PASSED: {
    status: 409,
    title: 'No gate speaks for this version',
    explanation:
      'The champion is replaced only by what passed a gate against it; the detail says what is missing. Judge it with "renown gate", or promote with "without_gate".',
  },
  REGISTRY_BUSY: {
    status: 409,
    title: 'The registry is busy with another task',
    explanation: 'One model is added, or one verification runs, at a time; `task` of GET /api/v1/registry shows it.',
  },
  VERSION_IN_USE: {
    status: 409,
    title: 'A version that would be removed is in use here',
    explanation: 'The server serves it, or has it loaded. Keep more, or let the server move on first.',
  },
  VERSION_PRUNED: {
    status: 410,
    title: 'The version was removed',
    explanation: 'It was pruned: the detail says when, by whom and why. Its number is never given again.',
  },
  BODY_TOO_LARGE: {
    status: 413,
    title: 'The body is too large',
    explanation: 'Send less at once; RENOWN_BODY_LIMIT sets the limit.',
  },
  BATCH_TOO_LARGE: {
    status: 413,
    title: 'The batch holds too many texts',
    explanation:
      'Split the batch; RENOWN_BATCH_LIMIT sets the limit. For files of any size there is POST /api/v1/scorings.',
  },
  TEXT_TOO_LONG: {
    status: 413,
    title: 'The text is too long',
    explanation: 'Shorten the text; RENOWN_TEXT_LIMIT sets the limit in characters.',
  },
  FILE_TOO_LARGE: {
    status: 413,
    title: 'The file is too large',
    explanation: 'Split the file; RENOWN_UPLOAD_LIMIT sets the limit in bytes.',
  },
  URL_TOO_LONG: { status: 414, title: 'The address is too long', explanation: 'Shorten the query or the path.' },
  CONTENT_TYPE_UNSUPPORTED: {
    status: 415,
    title: 'The content type is not supported',
    explanation: 'Send application/json, or multipart/form-data where a file is uploaded.',
  },
  EXPECTATION_FAILED: {
    status: 417,
    title: 'The expectation cannot be met',
    explanation: 'Only "Expect: 100-continue" is understood.',
  },
  HOST_REFUSED: {
    status: 421,
    title: 'The server does not answer to this name',
    explanation:
      'The Host header names neither this machine nor an allowed host; RENOWN_ALLOWED_HOSTS adds names. This protects against DNS rebinding.',
  },
  VALIDATION_FAILED: {
    status: 422,
    title: 'The request has the wrong shape',
    explanation: 'The list `errors` names each field, what was expected and where it was found.',
  },
  TEXT_EMPTY: {
    status: 422,
    title: 'The text is empty',
    explanation: 'Send at least one character that is not white space.',
  },
  TEXT_UNREADABLE: {
    status: 422,
    title: 'The text cannot be read by the model',
    explanation: 'The tokenizer of the model failed on this text.',
  },
  FILE_INVALID: {
    status: 422,
    title: 'The file cannot be read',
    explanation:
      'The file is empty, damaged, or not CSV, TSV, JSON, JSONL or Parquet (each may be gzipped). `errors` holds the cause.',
  },
  COLUMN_UNKNOWN: {
    status: 422,
    title: 'There is no such column',
    explanation: 'Name a column of the file; `columns` of the scoring lists them.',
  },
  MODEL_REFERENCE_REFUSED: {
    status: 422,
    title: 'No model is called so',
    explanation:
      'Name a repository of the Hub as hf:owner/name, a folder in HOME/models, or default. Paths are not taken over the API.',
  },
  REGISTRY_INPUT_INVALID: {
    status: 422,
    title: 'An alias, name or reason is not allowed',
    explanation:
      'The detail says what was expected: reasons are one line, aliases are lower-case words that mean nothing else.',
  },
  OVERLOADED: {
    status: 429,
    title: 'The server is overloaded',
    explanation:
      'More work is waiting than can be answered in time. Nothing of the request was computed; wait as long as Retry-After says.',
  },
  RATE_LIMITED: {
    status: 429,
    title: 'Too many requests',
    explanation: 'The key or address has used up its requests for now; wait as long as Retry-After says.',
  },
  SCORINGS_FULL: {
    status: 429,
    title: 'Too many scorings are kept',
    explanation:
      'Delete scorings that are done, or wait until they expire; RENOWN_SCORINGS_LIMIT sets how many are kept.',
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    title: 'The headers are too large',
    explanation: 'Send fewer or shorter headers; cookies count.',
  },
  INTERNAL: {
    status: 500,
    title: 'Something went wrong in the server',
    explanation: 'The log of the server has the cause under this request id.',
  },
  REGISTRY_INVALID: {
    status: 500,
    title: 'The registry is damaged',
    explanation:
      'A file or the log is not what was written. The log of the server has the cause; "renown models verify" lists all of it.',
  },
  REGISTRY_UNUSABLE: {
    status: 500,
    title: 'The registry cannot be read or written',
    explanation:
      'The data folder refuses it, for example because it is read-only. The log of the server has the cause.',
  },
  PREDICTION_FAILED: {
    status: 500,
    title: 'The model failed on this request',
    explanation: 'The inference worker stopped and was replaced. The request can be sent again.',
  },
  SCORING_FAILED: {
    status: 500,
    title: 'The scoring failed',
    explanation: 'The job stopped for a reason that is not in the file; see the log.',
  },
  SCORING_INTERRUPTED: {
    status: 500,
    title: 'The scoring was interrupted',
    explanation:
      'The server stopped while the job ran. What was scored until then can be downloaded; upload the file again for the rest.',
  },
  MODEL_NOT_READY: {
    status: 503,
    title: 'The model is not ready',
    explanation: 'It is loading, or failed to load; /health/ready has the reason.',
  },
  SHUTTING_DOWN: {
    status: 503,
    title: 'The server is stopping',
    explanation: 'Send the request again to the next instance.',
  },
  DEADLINE_EXCEEDED: {
    status: 504,
    title: 'The answer took too long',
    explanation: 'The request was not answered within its deadline; RENOWN_REQUEST_DEADLINE sets it in milliseconds.',
  },
  DISK_FULL: {
    status: 507,
    title: 'The disk is full',
    explanation: 'The data folder has no room left; what was written of this request is gone.',
  },
} as const

export type ApiErrorCode = keyof typeof API_ERROR_CODES
