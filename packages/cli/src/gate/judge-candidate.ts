// Runs a gate and shows how far it is; what its verdict means for the exit code.
import { type GateReport, type GateRequest, type GateVerdict, runGate } from '@renown/models'
import { EXIT_GATE_FAILED, EXIT_OK, EXIT_UNDECIDABLE } from '../exit-codes.ts'
import type { Io } from '../io.ts'
import { createMeter } from '../progress.ts'

export const EXIT_OF_VERDICT: Readonly<Record<GateVerdict, number>> = {
  pass: EXIT_OK,
  fail: EXIT_GATE_FAILED,
  undecidable: EXIT_UNDECIDABLE,
}

/** Throws what `runGate` throws. */
export async function judgeCandidate(
  io: Io,
  request: Omit<GateRequest, 'now' | 'onProgress'>,
  { isQuiet }: { readonly isQuiet: boolean },
): Promise<GateReport> {
  const meter = isQuiet ? null : await createMeter(io, 'Judging')
  try {
    return await runGate({
      ...request,
      now: new Date(),
      ...(meter === null ? {} : { onProgress: (step, share) => meter.update(share, () => step) }),
    })
  } finally {
    meter?.stop()
  }
}
