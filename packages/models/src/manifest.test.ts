// Tests of the manifest's validation.
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { ModelsError } from './errors.ts'
import { parseManifest } from './manifest.ts'
import { EVALUATION, HASH, MANIFEST, TRAINED } from './test-fixtures.ts'

describe('parseManifest', () => {
  test('reads a manifest and gives back what it says', () => {
    expect(parseManifest(JSON.parse(JSON.stringify(MANIFEST)))).toEqual(MANIFEST)
  })

  test('reads all that a training writes', () => {
    expect(parseManifest(JSON.parse(JSON.stringify(TRAINED)))).toEqual(TRAINED)
  })

  test('reads the manifest of the embedded model', async () => {
    const path = fileURLToPath(new URL('../../../models/default/renown.json', import.meta.url))
    expect(parseManifest(JSON.parse(await readFile(path, 'utf8'))).labels).toEqual(['negative', 'neutral', 'positive'])
  })

  test('leaves fields alone that it does not know', () => {
    const manifest = parseManifest({ ...MANIFEST, gate: { passed: true }, evaluations: [{ ...EVALUATION, extra: 1 }] })
    expect(manifest.evaluations).toEqual([EVALUATION])
  })

  test.each([
    ['format', { format: 2 }, 'format: expected 1'],
    ['no format', { format: undefined }, 'format: expected 1'],
    ['name', { name: ' ' }, 'name: expected a text that is not empty, got " "'],
    ['labels', { labels: ['negative'] }, 'labels: expected two labels or more'],
    ['the same label twice', { labels: ['a', 'a'] }, 'labels: expected labels that differ'],
    ['a label that is a number', { labels: ['a', 2] }, 'labels[1]: expected a text that is not empty, got 2'],
    ['temperature', { temperature: 0 }, 'temperature: expected a number above 0, got 0'],
    ['temperature as text', { temperature: '1' }, 'temperature: expected a finite number, got "1"'],
    ['window', { window: 2 }, 'window: expected at least 4 tokens, got 2'],
    ['window that is negative', { window: -5 }, 'window: expected a whole number from 0, got -5'],
    ['created', { created: 'yesterday' }, 'created: expected a time'],
    ['temperature fit', { temperatureFit: { value: 1 } }, 'temperatureFit.dataSet: expected a text'],
    [
      'machine',
      { training: { ...TRAINED.training, machine: { cpu: 'x' } } },
      'training.machine.threads: expected a whole number from 0, got nothing',
    ],
    [
      'curve',
      { training: { ...TRAINED.training, curve: [{ epoch: 1, step: 1.5, metrics: {} }] } },
      'training.curve[0].step: expected a whole number from 0, got 1.5',
    ],
    [
      'metric of the curve',
      { training: { ...TRAINED.training, curve: [{ epoch: 1, step: 1, metrics: { f1: 'good' } }] } },
      'training.curve[0].metrics["f1"]: expected a finite number',
    ],
    ['preparation', { preparation: { ...MANIFEST.preparation, urls: 'hide' } }, 'preparation.urls: expected "keep" or'],
    ['no preparation', { preparation: undefined }, 'preparation: expected an object, got nothing'],
    ['evaluations', { evaluations: {} }, 'evaluations: expected a list, got {}'],
    ['files as a list', { files: [] }, 'files: expected an object, got []'],
    ['files without config.json', { files: {} }, 'files["config.json"]: expected a file record, got nothing'],
    [
      'hash',
      { files: { 'config.json': { sha256: 'x', bytes: 1 } } },
      'files["config.json"].sha256: expected 64 lower-case',
    ],
    [
      'bytes',
      { files: { 'config.json': { sha256: HASH, bytes: -1 } } },
      'files["config.json"].bytes: expected a whole',
    ],
  ])('refuses a bad field and names it: %s', (_, change, message) => {
    expect(() => parseManifest({ ...MANIFEST, ...change })).toThrow(message)
  })

  test.each(['../config.json', '/etc/passwd', 'onnx/../../x', 'C:/x', 'a\\b', 'a//b', './a', 'a\u0000b', '..'])(
    'refuses a path that could leave the folder: %j',
    (path) => {
      const files = { ...MANIFEST.files, [path]: { sha256: HASH, bytes: 1 } }
      expect(() => parseManifest({ ...MANIFEST, files })).toThrow(/expected a path inside the folder/)
    },
  )

  test.each([null, [], 'text', 3])('refuses JSON that is not an object: %j', (json) => {
    expect(() => parseManifest(json)).toThrow(ModelsError)
  })

  test('reads an evaluation and names a bad metric', () => {
    expect(parseManifest({ ...MANIFEST, evaluations: [EVALUATION] }).evaluations).toEqual([EVALUATION])
    const bad = { ...EVALUATION, metrics: { accuracy: { value: 'high' } } }
    expect(() => parseManifest({ ...MANIFEST, evaluations: [bad] })).toThrow(
      'evaluations[0].metrics["accuracy"].value: expected a finite number, got "high"',
    )
  })
})
