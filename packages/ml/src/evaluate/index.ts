// Evaluation of classifiers: figures with intervals, calibration, temperature.
export type { BootstrapIntervals, ClassIntervals, Interval } from './bootstrap.ts'
export type { CalibrationBin } from './calibration.ts'
export type { ClassFigures, Confusion } from './confusion.ts'
export { type ClassEvaluation, type Evaluation, type EvaluationOptions, evaluate } from './evaluate.ts'
export { fitTemperature, type TemperatureFit } from './temperature.ts'
