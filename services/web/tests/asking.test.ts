import { describe, expect, it } from 'vitest'

import { inTurn } from '@/console/asking'

/** A question whose answers are given by hand: how often it was asked, and what answers the next one. */
function byHand() {
  const open: { answer(value: number): void; fail(): void }[] = []
  const ask = inTurn(
    () => new Promise<number>((resolve, reject) => open.push({ answer: resolve, fail: () => reject(new Error('no line')) })),
  )
  return { ask, open }
}

describe('a question in turn', () => {
  it('is not asked again before its answer is there, and once for all who asked meanwhile', async () => {
    const { ask, open } = byHand()
    const [first, second, third] = [ask(), ask(), ask()]
    expect(open).toHaveLength(1)

    open[0]!.answer(1)
    expect(await first).toBe(1)
    expect(open).toHaveLength(2)

    open[1]!.answer(2)
    expect(await Promise.all([second, third])).toEqual([2, 2])
  })

  it('goes on after one that failed', async () => {
    const { ask, open } = byHand()
    const [first, second] = [ask(), ask()]

    open[0]!.fail()
    await expect(first).rejects.toThrow('no line')
    open[1]!.answer(2)
    expect(await second).toBe(2)
    expect(open).toHaveLength(2)
  })
})
