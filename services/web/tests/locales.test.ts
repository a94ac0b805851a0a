import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { describe, expect, it } from 'vitest'

const SOURCE = fileURLToPath(new URL('../src/', import.meta.url))
const ENTRIES = ['shared', 'judge', 'live', 'console']

// Single quotes only: in templates the double ones hold expressions, such as `judge.queue.length`.
const literal = /'((?:shared|judge|live|console)(?:\.[A-Za-z0-9_-]+)+)'/g
const prefix = /`((?:shared|judge|live|console)\.[A-Za-z0-9_.-]*)\$\{/g

function keysOf(language: string, entry: string): string[] {
  return flat(JSON.parse(readFileSync(join(SOURCE, 'locales', language, `${entry}.json`), 'utf8')), entry)
}

function flat(node: unknown, path: string): string[] {
  if (typeof node !== 'object' || node === null) return [path]
  return Object.entries(node).flatMap(([name, child]) => flat(child, `${path}.${name}`))
}

/** What the pages ask for: whole keys, and beginnings of keys whose end is put in at run time. */
function asked(): { keys: Set<string>; prefixes: string[] } {
  const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(vue|ts)$/.test(name))
  const text = files.map((name) => readFileSync(join(SOURCE, name), 'utf8')).join('\n')
  return {
    keys: new Set([...text.matchAll(literal)].map((found) => found[1]!)),
    prefixes: [...new Set([...text.matchAll(prefix)].map((found) => found[1]!))],
  }
}

describe.each(ENTRIES)('texts of %s', (entry) => {
  it('are the same in both languages', () => {
    expect(keysOf('en', entry).sort()).toEqual(keysOf('zh-CN', entry).sort())
  })

  it('are all used', () => {
    const { keys, prefixes } = asked()
    const unused = keysOf('zh-CN', entry).filter(
      (key) => !keys.has(key) && !prefixes.some((each) => key.startsWith(each)),
    )
    expect(unused).toEqual([])
  })
})

it('every text that a page asks for exists', () => {
  const { keys, prefixes } = asked()
  const known = ENTRIES.flatMap((entry) => keysOf('zh-CN', entry))

  expect([...keys].filter((key) => !known.includes(key))).toEqual([])
  expect(prefixes.filter((each) => !known.some((key) => key.startsWith(each)))).toEqual([])
})
