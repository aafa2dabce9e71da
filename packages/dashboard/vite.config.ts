// How the page is built: one HTML file and hashed assets with compressed twins, Preact's automatic JSX, no source maps.
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import { defineConfig, type Plugin } from 'vite'

export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [compressAssets()],
  build: {
    outDir: 'dist/page',
    emptyOutDir: true,
    target: 'es2022',
    sourcemap: false,
    // A `data:` address would need a looser content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // How long a plugin took is no news for who starts Renown for the first time.
    rolldownOptions: { checks: { bundlerTimings: false } },
  },
  server: { proxy: { '^/(api|predict|health|docs|openapi.json)': 'http://127.0.0.1:8000' } },
})

/** `name.js.br` and `name.js.gz` beside each `name.js`: the server sends the one that the browser takes. */
function compressAssets(): Plugin {
  return {
    name: 'compress-assets',
    apply: 'build',
    async writeBundle({ dir = '' }) {
      const folder = join(dir, 'assets')
      for (const name of await readdir(folder)) {
        const bytes = await readFile(join(folder, name))
        await writeFile(join(folder, `${name}.br`), await promisify(brotliCompress)(bytes))
        await writeFile(join(folder, `${name}.gz`), await promisify(gzip)(bytes, { level: 9 }))
      }
    },
  }
}
