import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'

import type { Plugin } from 'vite'

const WORTH_IT = /\.(js|css|html|svg|json|webmanifest)$/
const LEAST_BYTES = 1000

/** Writes .gz and .br beside every text file, so that no server compresses the same file twice. */
export function precompressed(): Plugin {
  let folder = ''
  return {
    name: 'leitai-precompressed',
    apply: 'build',
    configResolved: (config) => void (folder = join(config.root, config.build.outDir)),
    closeBundle: { order: 'post', sequential: true, handler: () => compressAll(folder) },
  }
}

function compressAll(folder: string): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const file = join(folder, name)
    if (!WORTH_IT.test(name) || statSync(file).size < LEAST_BYTES) continue
    const content = readFileSync(file)
    writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }))
    writeFileSync(`${file}.br`, brotliCompressSync(content))
  }
}
