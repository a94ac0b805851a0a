/** Writes to this device: one after the other, and never forgotten before they are on disk. */
import { shallowRef } from 'vue'

type Work<T> = () => Promise<T>

export function useWriting() {
  const saving = shallowRef(0)
  /** Why the last write failed, until one succeeds. The page says so: what it shows is not kept. */
  const failure = shallowRef<unknown>(null)
  const owed = new Map<string, Work<void>>()
  let last: Promise<unknown> = Promise.resolve()

  /** Writes follow one another, so that what is read back is always what was done last. */
  async function write<T>(work: Work<T>): Promise<T> {
    saving.value += 1
    const mine = last.then(work, work)
    last = mine.catch(() => undefined)
    try {
      return await mine
    } catch (problem) {
      failure.value = problem
      throw problem
    } finally {
      saving.value -= 1
    }
  }

  /** A write that is tried again by `settle` until it is done; a later one under its key takes its place. */
  async function keep(key: string, work: Work<void>): Promise<void> {
    owed.set(key, work)
    await settle()
  }

  async function settle(): Promise<void> {
    for (const [key, work] of [...owed]) {
      const done = await write(work).then(() => true, () => false)
      if (done && owed.get(key) === work) owed.delete(key)
    }
    if (!owed.size) failure.value = null
  }

  /** A write after which nothing of this key is owed any more. False where it failed. */
  async function finish(key: string, work: Work<unknown>): Promise<boolean> {
    const before = owed.get(key)
    const done = await write(work).then(() => true, () => false)
    if (done && owed.get(key) === before) owed.delete(key)
    if (done && !owed.size) failure.value = null
    return done
  }

  return { saving, failure, write, keep, settle, finish, quiet: () => last }
}
