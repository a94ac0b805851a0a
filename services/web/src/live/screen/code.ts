/** The code by which an organiser orders this screen about: from the address, else made once and kept. */
const KEPT = 'leitai.screen'
const LETTERS = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'
const LENGTH = 5

export function codeOfScreen(wanted: unknown): string {
  const given = typeof wanted === 'string' ? wanted.toUpperCase() : ''
  const code = isCode(given) ? given : (localStorage.getItem(KEPT) ?? '')
  const kept = isCode(code) ? code : newCode()
  localStorage.setItem(KEPT, kept)
  return kept
}

export function isCode(text: string): boolean {
  return /^[A-Z0-9]{4,8}$/.test(text)
}

function newCode(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(LENGTH)), (byte) => LETTERS[byte % LETTERS.length]).join('')
}
