/** What may be marked on one aspect, so that the pad never leaves it. The server checks again, by the scheme. */
import Big from 'big.js'

import type { Bilingual } from '@/shared/language'

export interface Level {
  mark: string
  text: Bilingual
}

/** From `min` to `max` (null: open) by `step` (null: any), or one of `levels`, or yes (1) and no (0). */
export interface Scale {
  min: string
  max: string | null
  step: string | null
  levels: Level[]
  yesNo: boolean
}

export type Fault = 'number' | 'min' | 'max' | 'step'

const NUMBER = /^-?\d{1,15}(\.\d{1,9})?$/
const BEGINNING = /^-?\d{0,15}(\.\d{0,9})?$/
const MINUS_ZERO = /^-0+(\.0+)?$/
const LONGEST = 15

/** Why a text is not a mark of the scale; null for a good one. */
export function faultOf(scale: Scale, text: string): Fault | null {
  if (!NUMBER.test(text) || MINUS_ZERO.test(text)) return 'number'
  const mark = new Big(text)
  if (mark.lt(scale.min)) return 'min'
  if (scale.max !== null && mark.gt(scale.max)) return 'max'
  if (scale.step !== null && !mark.minus(scale.min).mod(scale.step).eq(0)) return 'step'
  return null
}

/** Whether a text is the beginning of some mark, so that no key leads to where there is none. */
export function mayBecome(scale: Scale, text: string): boolean {
  if (!BEGINNING.test(text)) return false
  const isNegative = text.startsWith('-')
  if (isNegative && new Big(scale.min).gte(0)) return false
  const [whole = '', decimals] = text.replace('-', '').split('.')
  if (decimals !== undefined && (decimals.length > decimalsOf(scale) || !decimalsOf(scale))) return false
  if (!whole && !decimals) return true
  const from = new Big(`${whole || '0'}.${decimals || '0'}`)
  const width = new Big(10).pow(-(decimals?.length ?? 0))
  const longer = decimals === undefined && from.gt(0) ? LONGEST - whole.length : 0
  return Array.from({ length: longer + 1 }, (_, more) => new Big(10).pow(more)).some((power) =>
    hasMark(scale, from.times(power), width.times(power), isNegative),
  )
}

/** Whether a mark lies in [from, from + width), or mirrored below zero. */
function hasMark(scale: Scale, from: Big, width: Big, isNegative: boolean): boolean {
  const [low, end] = isNegative ? [from.plus(width).times(-1), from.times(-1)] : [from, from.plus(width)]
  const least = low.lt(scale.min) ? new Big(scale.min) : low
  const first = isNegative && least.eq(low) ? after(scale, least) : onGrid(scale, least)
  return (isNegative ? first.lte(end) && first.lt(0) : first.lt(end)) && (scale.max === null || first.lte(scale.max))
}

/** The first mark that is not below a number; where there is no step the number itself. */
function onGrid({ min, step }: Scale, number: Big): Big {
  if (step === null) return number
  const past = number.minus(min).mod(step)
  return past.eq(0) ? number : number.minus(past).plus(step)
}

/** The first mark above a number. */
function after(scale: Scale, number: Big): Big {
  const finest = scale.step ?? new Big(10).pow(-decimalsOf(scale))
  const found = onGrid(scale, number)
  return found.eq(number) ? found.plus(finest) : found
}

/** The next mark up or down; where nothing is marked yet, the lowest. It stops at the ends of the scale. */
export function stepped(scale: Scale, text: string | null, direction: 1 | -1): string {
  if (text === null || !NUMBER.test(text)) return plain(new Big(scale.min))
  const next = new Big(text).plus(new Big(scale.step ?? '1').times(direction))
  if (next.lt(scale.min)) return plain(new Big(scale.min))
  if (scale.max !== null && next.gt(scale.max)) return text
  return plain(next)
}

/** A mark as it is kept: 08.50 → 8.50 stays a text, without needless zeros in front. */
export function tidy(text: string): string {
  return text.replace(/^(-?)0+(?=\d)/, '$1').replace(/\.$/, '')
}

function decimalsOf(scale: Scale): number {
  const finest = [scale.step, scale.step === null ? null : scale.min].filter((each) => each !== null)
  if (!finest.length) return 9
  return Math.max(...finest.map((each) => new Big(each).toFixed().split('.')[1]?.length ?? 0))
}

function plain(mark: Big): string {
  return mark.toFixed()
}
