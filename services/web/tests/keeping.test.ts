import { describe, expect, it } from 'vitest'

import { batteryOf, Reports } from '@/judge/keeping/reporting'
import { useWriting } from '@/judge/keeping/writing'

const full = new DOMException('full', 'QuotaExceededError')

describe('a write that fails', () => {
  it('is told, and is tried again until it is done', async () => {
    const disk: string[] = []
    let room = false
    const writing = useWriting()
    const write = async () => {
      if (!room) throw full
      disk.push('draft')
    }

    await writing.keep('e-1', write)
    expect(writing.failure.value).toBe(full)

    room = true
    await writing.settle()
    await writing.settle()

    expect([writing.failure.value, disk, writing.saving.value]).toEqual([null, ['draft'], 0])
  })

  it('gives way to a later one under the same key', async () => {
    const disk: string[] = []
    const writing = useWriting()

    await writing.keep('e-1', () => Promise.reject(full))
    await writing.keep('e-1', async () => void disk.push('the last'))
    await writing.settle()

    expect([disk, writing.failure.value]).toEqual([['the last'], null])
  })

  it('stops nothing that follows it', async () => {
    const writing = useWriting()
    await writing.keep('e-1', () => Promise.reject(full))

    expect(await writing.finish('e-2', async () => undefined)).toBe(true)
    expect(writing.failure.value).toBe(full)
  })

  it('of a sheet that is handed in leaves the judge where they were', async () => {
    const writing = useWriting()

    expect(await writing.finish('e-1', () => Promise.reject(full))).toBe(false)
    expect(writing.failure.value).toBe(full)
    expect(await writing.finish('e-1', async () => undefined)).toBe(true)
    expect(writing.failure.value).toBe(null)
  })
})

it('writes follow one another in their order', async () => {
  const order: number[] = []
  const writing = useWriting()
  const slow = writing.write(async () => {
    await new Promise((done) => setTimeout(done, 20))
    order.push(1)
  })

  await Promise.all([slow, writing.write(async () => void order.push(2))])

  expect(order).toEqual([1, 2])
})

describe('what a device reports', () => {
  it('is news when a count changed, and once a minute', () => {
    const reports = new Reports()
    reports.done('j-1', { unsent: 0, refused: 0, battery: 50 }, 0)

    expect(reports.isDue('j-1', { unsent: 0, refused: 0, battery: 49 }, 30_000)).toBe(false)
    expect(reports.isDue('j-1', { unsent: 1, refused: 0, battery: 49 }, 30_000)).toBe(true)
    expect(reports.isDue('j-1', { unsent: 0, refused: 0, battery: 49 }, 60_000)).toBe(true)
    expect(reports.isDue('j-2', { unsent: 0, refused: 0 }, 1)).toBe(true)
  })

  it('has no battery where the browser tells none', async () => {
    const telling = { getBattery: async () => ({ level: 0.414, charging: true }) } as unknown as Navigator

    expect(await batteryOf({} as Navigator)).toEqual({})
    expect(await batteryOf(telling)).toEqual({ battery: 41, charging: true })
  })
})
