// One test run for the whole workspace; packages are read from their sources.
import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['packages/*/src/**/*.test.{ts,tsx}', 'test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    // Some tests call onnxruntime themselves: it is to report nothing there either.
    env: { ORT_DISABLE_TELEMETRY: '1' },
    // Some tests wait for other programs: the cores are not left idle meanwhile.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    server: { deps: { inline: [/@renown\//] } },
  },
})
