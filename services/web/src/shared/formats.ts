/** How numbers and times are shown. Marks stay texts from end to end: no float ever touches one. */

const LONGEST_FRACTION = 6

/**
 * A decimal text with at least `digits` decimals: 87.5 → 87.50. `–` where there is none. What never ends is cut
 * as the explanations cut it: 52.666666…
 */
export function decimal(value: string | null | undefined, digits = 0): string {
  if (value === null || value === undefined || value === '') return '–'
  const [whole = '', fraction = ''] = value.split('.')
  const most = Math.max(digits, LONGEST_FRACTION)
  const shown = fraction.length > most ? `${fraction.slice(0, most)}…` : fraction.padEnd(digits, '0')
  return (shown ? `${whole}.${shown}` : whole).replace('-', '−')
}

export function clockTime(time: string | Date, language: string): string {
  return format(time, language, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' })
}

export function dayAndTime(time: string | Date, language: string): string {
  const day = { year: 'numeric', month: '2-digit', day: '2-digit' } as const
  return format(time, language, { ...day, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
}

function format(time: string | Date, language: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(language, options).format(typeof time === 'string' ? new Date(time) : time)
}
