// What the exit code of every command says.
export const EXIT_OK = 0
export const EXIT_FAILURE = 1
/** The command was called in a way that it doesn't understand; nothing was done. */
export const EXIT_USAGE = 2
/** `predict` finished, and some rows were rejected. */
export const EXIT_REJECTED = 3
/** `gate` judged, and the candidate is worse than the policy allows. */
export const EXIT_GATE_FAILED = 4
/** `gate` judged, and the data has too few rows to tell. */
export const EXIT_UNDECIDABLE = 5
/** 128 + SIGINT, as shells count. */
export const EXIT_INTERRUPTED = 130

export const EXIT_CODES_HELP = `
Exit codes:
  0    done
  1    failed
  2    called in a way that renown doesn't understand; nothing was done
  3    done, but some rows were rejected (predict)
  4    the candidate failed (gate)
  5    too little data to judge the candidate (gate)
  130  stopped by Ctrl-C`
