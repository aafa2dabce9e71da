// Assembles the WebAssembly kernels of packages/ml and writes their bytes beside them: node scripts/compile-kernels.mjs
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import loadWabt from 'wabt'

const FOLDER = join(import.meta.dirname, '../packages/ml/src/optimizer')
/** Keeps the lines of a module within the project's width. */
const CHARACTERS_A_LINE = 112

/**
 * @param {string} file
 * @param {Uint8Array} bytes
 * @returns {string} A TypeScript module that exports the bytes, so that neither a build nor a user reads the file.
 */
function describeModule(file, bytes) {
  const name = `${file.replace('.wat', '').toUpperCase()}_WASM`
  const text = Buffer.from(bytes).toString('base64')
  const lines = Array.from({ length: Math.ceil(text.length / CHARACTERS_A_LINE) }, (_, line) =>
    text.slice(line * CHARACTERS_A_LINE, (line + 1) * CHARACTERS_A_LINE),
  )
  return [
    `// The bytes of ${file} in base64, written by scripts/compile-kernels.mjs.`,
    `export const ${name}: string =`,
    lines.map((line) => `  '${line}'`).join(' +\n'),
    '',
  ].join('\n')
}

const wabt = await loadWabt()
for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.wat'))) {
  const assembled = wabt.parseWat(file, readFileSync(join(FOLDER, file), 'utf8'), { simd: true })
  assembled.validate()
  writeFileSync(join(FOLDER, file.replace('.wat', '.wasm.ts')), describeModule(file, assembled.toBinary({}).buffer))
  assembled.destroy()
  console.log(`${file} assembled`)
}
