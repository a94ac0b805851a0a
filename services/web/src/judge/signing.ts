/** Fingerprints: of what a judge signs, the sheets as the server took them; and of links. */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

import type { SheetOut } from './keeping/sheets'

/**
 * SHA-256 of the sheets in a form that anybody can make again: by entry, stage and attempt, one line each, with
 * id, version and the marks by path. Independent of the order in which the server lists them.
 */
export function fingerprintOf(sheets: readonly SheetOut[]): string {
  return bytesToHex(sha256(utf8ToBytes(canonical(sheets))))
}

/** By which a device knows a link's code again; the secret itself is not kept. */
export function fingerprintOfLink(secret: string): string {
  return bytesToHex(sha256(utf8ToBytes(secret)))
}

export function canonical(sheets: readonly SheetOut[]): string {
  return sheets.map(line).sort().join('\n')
}

function line(sheet: SheetOut): string {
  const marks = Object.entries(sheet.marks).sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify([sheet.board, sheet.entry, sheet.judge, sheet.stage, sheet.attempt, sheet.id, sheet.version, marks])
}
