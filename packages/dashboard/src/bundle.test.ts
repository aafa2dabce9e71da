// The built page: small, and nothing in it that a strict content security policy refuses.

import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { beforeAll, describe, expect, it } from 'vitest'

const LIMIT = 80 * 1024
const PACKAGE = resolve(import.meta.dirname, '..')

interface BuiltFile {
  readonly name: string
  readonly text: string
}

let files: BuiltFile[] = []

beforeAll(async () => {
  const result = await build({
    root: PACKAGE,
    configFile: resolve(PACKAGE, 'vite.config.ts'),
    logLevel: 'silent',
    build: { write: false },
  })
  const outputs = Array.isArray(result) ? result : [result]
  files = outputs
    .flatMap((output) => ('output' in output ? output.output : []))
    .map((file) => ({
      name: file.fileName,
      text: file.type === 'chunk' ? file.code : Buffer.from(file.source).toString('utf8'),
    }))
})

describe('the built page', () => {
  it('has under 80 KB of JavaScript, compressed', () => {
    const scripts = files.filter(({ name }) => name.endsWith('.js'))
    expect(scripts.length).toBeGreaterThan(0)
    const bytes = scripts.reduce((sum, { text }) => sum + gzipSync(text).length, 0)
    expect(bytes).toBeLessThan(LIMIT)
  })

  it('puts every asset under /assets with a hash in its name, and keeps the page itself free of code and styles', () => {
    const html = files.find(({ name }) => name === 'index.html')?.text ?? ''
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=/i)
    expect(html).not.toMatch(/https?:\/\//)
    const rest = files.filter(({ name }) => name !== 'index.html').map(({ name }) => name)
    for (const name of rest) expect(name).toMatch(/^assets\/.+-[\w-]{8}\.(js|css|svg)$/)
  })

  it('never writes HTML into the page, and asks nobody but its own server', () => {
    const script = files
      .filter(({ name }) => name.endsWith('.js'))
      .map(({ text }) => text)
      .join('\n')
    expect(script).not.toMatch(/\beval\(|new Function\(|document\.write|insertAdjacentHTML/)
    const addresses = [...script.matchAll(/https?:\/\/[\w.]+/g)].map(([address]) => address)
    expect(addresses.filter((address) => !address.startsWith('http://www.w3.org'))).toEqual([])
    const style = files
      .filter(({ name }) => name.endsWith('.css'))
      .map(({ text }) => text)
      .join('\n')
    expect(style).not.toMatch(/@import|url\((?!\/assets)/)
  })

  it('has no way from a text to HTML in its sources', () => {
    const sources = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name) && !/\.test\./.test(name))
      .map((name) => readFileSync(resolve(import.meta.dirname, name), 'utf8'))
    expect(sources.length).toBeGreaterThan(40)
    expect(sources.filter((source) => /innerHTML|outerHTML|srcdoc/i.test(source))).toEqual([])
  })
})
