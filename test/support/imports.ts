// Every module that a source file names: static, dynamic, type-only, and by resolve().

export interface ModuleImport {
  readonly specifier: string
  /** Nothing of it is left when the types are gone. */
  readonly typeOnly: boolean
}

const STATEMENT = /^\s*(?:import|export)\s+(type\s+)?(?:([^'"`;]*?)\s*from\s*)?['"]([^'"]+)['"]/gm
const CALL = /\b(?:import|import\.meta\.resolve|require|require\.resolve)\(\s*['"]([^'"]+)['"]/g

export function importsOf(source: string): ModuleImport[] {
  const code = withoutComments(source)
  const statements = [...code.matchAll(STATEMENT)].map(([, type, names = '', specifier = '']) => ({
    specifier,
    typeOnly: type !== undefined || bindsOnlyTypes(names),
  }))
  const calls = [...code.matchAll(CALL)].map(([, specifier = '']) => ({ specifier, typeOnly: false }))
  return [...statements, ...calls]
}

function bindsOnlyTypes(names: string): boolean {
  const inner = /^\{([\s\S]*)\}$/.exec(names.trim())?.[1]
  if (inner === undefined) return false
  const bound = inner
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  return bound.length > 0 && bound.every((name) => name.startsWith('type '))
}

function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
}

/** `@scope/name/file` and `name/file` → the package that must be declared; null for relative and Node's own. */
export function packageOf(specifier: string): string | null {
  if (/^(\.|\/|node:|#|data:|virtual:)/.test(specifier)) return null
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}
