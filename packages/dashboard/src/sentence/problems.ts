// What went wrong, in words for people: what happened, what it means, what to do.
import type { ApiError } from '../api/errors.ts'

export interface Explanation {
  readonly what: string
  /** What exactly, where the server knows more than the code says. */
  readonly detail?: string
  readonly next: string
}

const KNOWN: Readonly<Record<string, Explanation>> = {
  SERVER_UNREACHABLE: {
    what: 'The server does not answer.',
    next: 'It may have stopped, or the network is down. This page goes on by itself when it is back.',
  },
  TEXT_TOO_LONG: { what: 'The text is longer than this server reads.', next: 'Shorten it, or score it in parts.' },
  TEXT_EMPTY: { what: 'There is nothing to read.', next: 'Type at least one character that is not a space.' },
  KEY_INVALID: {
    what: 'This key is not known.',
    next: 'Check that you copied all of it. It may also have been revoked: ask whoever runs this server.',
  },
  KEY_REQUIRED: { what: 'You are not logged in any more.', next: 'Log in again; what you scored is still here.' },
  SCOPE_MISSING: { what: 'Your key may not do this.', next: 'Ask whoever runs this server for a key that may write.' },
  RATE_LIMITED: { what: 'You have asked for a lot in a short time.', next: 'It goes on by itself in a moment.' },
  OVERLOADED: {
    what: 'The server is busy.',
    next: 'More is waiting than it can answer at once. It is asked again by itself.',
  },
  MODEL_NOT_READY: { what: 'The model is still loading.', next: 'It is asked again by itself.' },
  SHUTTING_DOWN: { what: 'The server is stopping.', next: 'It is asked again by itself.' },
  DEADLINE_EXCEEDED: { what: 'The answer took too long.', next: 'The server may be busy. Try again.' },
  FILE_TOO_LARGE: { what: 'The file is larger than this server takes.', next: 'Split it, or compress it with gzip.' },
  SCORINGS_FULL: {
    what: 'This server keeps no more files at once.',
    next: 'Delete one of those below, or wait until one is removed.',
  },
  SCORING_NOT_FOUND: {
    what: 'This scoring is not here any more.',
    next: 'Scorings are kept for a day. Score the file again to get its numbers back.',
  },
  SCORING_INTERRUPTED: {
    what: 'The server stopped while this file was scored.',
    next: 'You can download what was scored until then, or score the file again.',
  },
}

export function explainProblem(error: Pick<ApiError, 'code' | 'title' | 'detail'>): Explanation {
  return KNOWN[error.code] ?? { what: withStop(error.title), detail: withStop(error.detail), next: '' }
}

/** "Asked again in 3 s." */
export function describeRetry(seconds: number): string {
  return seconds < 1 ? 'Asking again now.' : `Asking again in ${Math.ceil(seconds)} s.`
}

function withStop(words: string): string {
  return words === '' || /[.:?]$/.test(words) ? words : `${words}.`
}
