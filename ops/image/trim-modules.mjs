// Removes from installed packages what never runs here: other platforms' binaries, types, source maps, sources.
import { existsSync, lstatSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const [modules = 'node_modules'] = process.argv.slice(2)
const NEVER_RUNS = /\.(d\.[cm]?ts|map|md|markdown|ts|tsx|flow)$/
const KEPT = /licen[cs]e|notice|copying/i

trimOnnxRuntime(join(modules, 'onnxruntime-node/bin/napi-v6'))
trimFiles(modules)

/**
 * One folder for each operating system, in it one for each processor.
 * @param {string} folder
 */
function trimOnnxRuntime(folder) {
  if (!existsSync(join(folder, process.platform, process.arch, 'onnxruntime_binding.node'))) {
    throw new Error(`${folder}: expected binaries for ${process.platform}/${process.arch}, found none`)
  }
  for (const platform of readdirSync(folder)) {
    if (platform !== process.platform) rmSync(join(folder, platform), { recursive: true })
  }
  for (const arch of readdirSync(join(folder, process.platform))) {
    if (arch !== process.arch) rmSync(join(folder, process.platform, arch), { recursive: true })
  }
}

/** @param {string} folder */
function trimFiles(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    const stat = lstatSync(path)
    if (stat.isDirectory()) trimFiles(path)
    else if (stat.isFile() && NEVER_RUNS.test(name) && !KEPT.test(name)) rmSync(path)
  }
}
