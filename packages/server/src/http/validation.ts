// Schemas against requests: bodies as they are, parameters read from text.
import { COMPONENTS } from '@renown/contract'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

type Validate = (value: unknown) => boolean

interface Compilable {
  readonly schema: unknown
  readonly httpPart?: string
}

/** For Fastify's `setValidatorCompiler`. Nothing is removed; a body's types are never bent to fit. */
export function createValidatorCompiler(): (route: Compilable) => Validate {
  const bodies = createAjv(false)
  const parameters = createAjv(true)
  return ({ schema, httpPart }) => {
    const ajv = httpPart === 'body' ? bodies : parameters
    return ajv.compile(schema as object)
  }
}

function createAjv(coerceTypes: boolean): Ajv2020 {
  const ajv = new Ajv2020({ coerceTypes, useDefaults: true, removeAdditional: false, allErrors: false, strict: false })
  addFormats.default(ajv)
  for (const component of COMPONENTS) ajv.addSchema(component, component.$id)
  return ajv
}
