import { nextTick } from 'vue'

/** Lists lay out all their rows before the paper is made. */
export async function printPage(): Promise<void> {
  dispatchEvent(new Event('beforeprint'))
  await nextTick()
  window.print()
}
