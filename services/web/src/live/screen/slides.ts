/** What a big screen shows one after the other. Pure. */
export type Layout = 'one' | 'two' | 'progress'

export interface ShownBoard {
  id: string
  entries: number
}

export interface Slide {
  boards: string[]
  page: number
}

const MOST_PAGES = 10

/** Every board in turn, long ones page by page; in the layout of two, two beside each other. */
export function slidesOf(boards: readonly ShownBoard[], layout: Layout, rows: number): Slide[] {
  const size = layout === 'two' ? 2 : 1
  const groups = Array.from({ length: Math.ceil(boards.length / size) }, (_, at) =>
    boards.slice(at * size, (at + 1) * size),
  )
  return groups.flatMap((group) => {
    const longest = Math.max(...group.map((board) => board.entries))
    const pages = Math.max(1, Math.min(MOST_PAGES, Math.ceil(longest / Math.max(1, rows))))
    return Array.from({ length: pages }, (_, page) => ({ boards: group.map((board) => board.id), page }))
  })
}

/** The slide at a count that may be below zero or beyond the end. */
export function slideAt(slides: readonly Slide[], count: number): Slide | undefined {
  return slides[wrapped(count, slides.length)]
}

export function wrapped(count: number, length: number): number {
  return length ? ((count % length) + length) % length : 0
}

export interface Room {
  width: number
  height: number
}

/**
 * How many rows fit so that they are read from 20 m: a row is 7.4 % of the shorter side. In portrait the two
 * boards of a layout stand one above the other.
 */
export function rowsThatFit({ width, height }: Room, layout: Layout): number {
  const short = Math.min(width, height)
  const portrait = height > width
  const heads = layout === 'progress' && portrait ? 0.62 : 0.2
  const halves = layout === 'two' && portrait ? 2 : 1
  return Math.max(1, Math.floor((height / halves - short * heads) / (short * 0.074)))
}
