// Evaluation of classifiers: figures with intervals, calibration, temperature.
export type { BootstrapIntervals, ClassIntervals, Interval } from './bootstrap.ts'
export type { CalibrationBin } from './calibration.ts'
export type { ClassFigures, Confusion } from './confusion.ts'
export { type ClassEvaluation, type Evaluation, type EvaluationOptions, evaluate } from './evaluate.ts'
export type { McNemarTest } from './mc-nemar.ts'
export {
  comparePairs,
  countPairs,
  type PairedClass,
  type PairedComparison,
  type PairedCounts,
  type PairedDifference,
  type PairedOptions,
  type PowerOptions,
  powerToSee,
  rowsToSee,
} from './paired.ts'
export { type CalibratedAnswers, type CalibrationDifference, compareCalibration } from './paired-calibration.ts'
export { fitTemperature, type TemperatureFit } from './temperature.ts'
