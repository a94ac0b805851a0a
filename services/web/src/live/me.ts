/** Who this phone's owner is on each board. Only the entry's id is kept, and only on the phone. */
const KEPT = 'leitai.me'

export function rememberedEntry(board: string): string | null {
  return all()[board] ?? null
}

/** Remember the entry; null forgets it. */
export function rememberEntry(board: string, entry: string | null): void {
  const { [board]: _, ...others } = all()
  localStorage.setItem(KEPT, JSON.stringify(entry ? { ...others, [board]: entry } : others))
}

function all(): Record<string, string> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEPT) ?? '{}')
    return kept && typeof kept === 'object' ? (kept as Record<string, string>) : {}
  } catch {
    return {}
  }
}
