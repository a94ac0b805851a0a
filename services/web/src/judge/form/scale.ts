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

/** Why a text is not a mark of the scale; null for a good one. */
export function faultOf(scale: Scale, text: string): Fault | null {
  if (!NUMBER.test(text)) return 'number'
  const mark = new Big(text)
  if (mark.lt(scale.min)) return 'min'
  if (scale.max !== null && mark.gt(scale.max)) return 'max'
  if (scale.step !== null && !mark.minus(scale.min).mod(scale.step).eq(0)) return 'step'
  return null
}

/** Whether a text may still become a mark: no letter, not above the highest, no finer than the step. */
export function mayBecome(scale: Scale, text: string): boolean {
  if (!BEGINNING.test(text)) return false
  if (text.startsWith('-') && new Big(scale.min).gte(0)) return false
  const decimals = text.split('.')[1]
  if (decimals !== undefined && decimals.length > decimalsOf(scale)) return false
  if (text.includes('.') && decimalsOf(scale) === 0) return false
  if (!NUMBER.test(text.replace(/\.$/, ''))) return true
  const mark = new Big(text.replace(/\.$/, ''))
  return mark.lt(0) ? mark.gte(scale.min) : scale.max === null || mark.lte(scale.max)
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
