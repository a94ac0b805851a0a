import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

import type { Plugin, Rollup } from 'vite'

/**
 * Emits `/<entry>-sw.js`: the worker's own source with the list of files that the entry needs before it.
 * A change of any of them changes the worker, and so the browser fetches the new shell.
 */
export function serviceWorker(entry: string, source: string): Plugin {
  return {
    name: 'leitai-service-worker',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      // Last: only then are chunks gone that held nothing but styles.
      order: 'post',
      handler(_options, bundle) {
        const files = [...reached(bundle, entry)].sort().map((name) => `/${name}`)
        const version = createHash('sha256').update(files.join()).digest('hex').slice(0, 12)
        const head = `const VERSION = ${JSON.stringify(version)}\nconst FILES = ${JSON.stringify(files)}\n`
        this.emitFile({ type: 'asset', fileName: `${entry}-sw.js`, source: head + readFileSync(source, 'utf8') })
      },
    },
  }
}

/** Every file that an entry loads, now or later, with its styles. */
export function reached(bundle: Rollup.OutputBundle, entry: string): Set<string> {
  const chunks = Object.values(bundle).filter((each) => each.type === 'chunk')
  const start = chunks.find((each) => each.isEntry && each.name === entry)
  const found = new Set<string>()
  const open = start ? [start.fileName] : []
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const chunk = chunks.find((each) => each.fileName === name)
    if (!chunk || found.has(name) || !(name in bundle)) continue
    found.add(name)
    for (const file of [...stylesOf(chunk)]) found.add(file)
    open.push(...chunk.imports, ...chunk.dynamicImports)
  }
  return found
}

function stylesOf(chunk: Rollup.OutputChunk): Iterable<string> {
  const { importedCss, importedAssets } = chunk.viteMetadata ?? {}
  return [...(importedCss ?? []), ...(importedAssets ?? [])]
}
