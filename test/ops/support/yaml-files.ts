// YAML of the repository as data, and the schemas that it is checked against.
import { Ajv2020 } from 'ajv/dist/2020.js'
import { parse, parseAllDocuments } from 'yaml'
import { read, readJson } from '../../support/workspace.ts'

/** `<<` merges, as Compose reads it. */
export function readYaml<T>(path: string): T {
  return parse(read(path), { merge: true }) as T
}

export function readDocuments(path: string): unknown[] {
  return parseAllDocuments(read(path), { merge: true }).map((document) => document.toJS() as unknown)
}

/** What is wrong with a value, as the schema sees it; empty where nothing is. */
export function createSchemaCheck(schemaPath: string): (value: unknown) => string[] {
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false })
  const validate = ajv.compile(readJson<object>(schemaPath))
  return (value) => {
    if (validate(value)) return []
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`)
  }
}
