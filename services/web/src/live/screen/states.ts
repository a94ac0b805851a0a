import { watchSilence } from '@/shared/silence'

const AGAIN = 3_000

/** A stream of one thing's state (screens, reveals): each event is the whole of it. */
export function watchState<T>(url: string, event: string, ears: { state(state: T): void; live(live: boolean): void }) {
  let source: EventSource
  let timer: ReturnType<typeof setTimeout> | undefined
  const silence = watchSilence(() => {
    ears.live(false)
    again()
  })

  function open(): void {
    source = new EventSource(url)
    source.onopen = () => {
      silence.hear()
      ears.live(true)
    }
    source.onerror = () => {
      ears.live(false)
      if (source.readyState === EventSource.CLOSED) again()
    }
    source.addEventListener('alive', silence.hear)
    source.addEventListener(event, (message: MessageEvent<string>) => {
      silence.hear()
      ears.state(JSON.parse(message.data) as T)
    })
  }

  function again(): void {
    source.close()
    clearTimeout(timer)
    timer = setTimeout(open, AGAIN * (0.5 + Math.random()))
  }

  open()
  return {
    close: () => {
      silence.stop()
      clearTimeout(timer)
      source.close()
    },
  }
}
