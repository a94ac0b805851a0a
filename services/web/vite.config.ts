import { fileURLToPath } from 'node:url'

import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

import { precompressed } from './tools/precompressed.ts'
import { serviceWorker } from './tools/serviceWorker.ts'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** The pages, each with only its own libraries. services/gateway/pages.py and nginx.conf name the same. */
const ENTRIES = ['judge', 'live', 'console']

export default defineConfig({
  plugins: [vue(), serviceWorker('judge', at('src/judge/worker.js')), precompressed()],
  resolve: { alias: { '@': at('src') } },
  define: {
    __VUE_OPTIONS_API__: true,
    __VUE_PROD_DEVTOOLS__: false,
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __VUE_I18N_LEGACY_API__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
  },
  build: {
    target: 'es2022',
    manifest: 'manifest.json',
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 2000,
    assetsInlineLimit: 0,
    rollupOptions: { input: Object.fromEntries(ENTRIES.map((name) => [name, at(`${name}.html`)])) },
  },
  server: { proxy: { '/api': process.env.LEITAI_URL ?? 'http://127.0.0.1:8080' } },
  test: { environment: 'node', include: ['tests/**/*.test.ts'] },
})
