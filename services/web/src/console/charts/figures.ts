/** What the charts draw. Floats are for pictures only: no figure here goes back to the platform. */
import type { ProgressRow } from '../types'

/** How many sheets had come in by when, in at most `most` points. */
export function overTime(rows: readonly ProgressRow[], most = 60): [string, number][] {
  const times = rows.flatMap((row) => row.slots.map((slot) => slot.received_at)).sort()
  const every = Math.max(1, Math.ceil(times.length / most))
  return times.flatMap((time, at) => ((at + 1) % every === 0 || at + 1 === times.length ? [[time, at + 1] as [string, number]] : []))
}

/** Totals counted in bands of one width. */
export function bands(totals: readonly number[], count = 10): { label: string; count: number }[] {
  if (!totals.length) return []
  const low = Math.floor(Math.min(...totals))
  const width = Math.max(1, Math.ceil((Math.max(...totals) - low + 1) / count))
  const found = new Map<number, number>()
  for (const total of totals) {
    const band = Math.floor((total - low) / width)
    found.set(band, (found.get(band) ?? 0) + 1)
  }
  const last = Math.max(...found.keys())
  return Array.from({ length: last + 1 }, (_, band) => ({
    label: `${low + band * width}–${low + (band + 1) * width}`,
    count: found.get(band) ?? 0,
  }))
}

/** Least, lower quartile, median, upper quartile, most. */
export function fiveNumbers(values: readonly number[]): number[] {
  const sorted = [...values].sort((one, other) => one - other)
  return [0, 0.25, 0.5, 0.75, 1].map((part) => {
    const at = part * (sorted.length - 1)
    const [low, high] = [sorted[Math.floor(at)] ?? 0, sorted[Math.ceil(at)] ?? 0]
    return Math.round((low + (high - low) * (at - Math.floor(at))) * 100) / 100
  })
}

export function tally(names: readonly string[]): [string, number][] {
  const found = new Map<string, number>()
  for (const name of names) found.set(name, (found.get(name) ?? 0) + 1)
  return [...found].sort((one, other) => other[1] - one[1])
}
