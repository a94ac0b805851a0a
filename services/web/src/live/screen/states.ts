/** A stream of one thing's state (screens, reveals): each event is the whole of it. */
export function watchState<T>(url: string, event: string, ears: { state(state: T): void; live(live: boolean): void }) {
  let source: EventSource
  let timer: ReturnType<typeof setTimeout> | undefined
  let heard = Date.now()
  const SILENCE = 60_000
  const AGAIN = 3_000

  function open(): void {
    source = new EventSource(url)
    source.onopen = () => {
      heard = Date.now()
      ears.live(true)
    }
    source.onerror = () => {
      ears.live(false)
      if (source.readyState === EventSource.CLOSED) again()
    }
    source.addEventListener(event, (message: MessageEvent<string>) => {
      heard = Date.now()
      ears.state(JSON.parse(message.data) as T)
    })
  }

  function again(): void {
    source.close()
    clearTimeout(timer)
    timer = setTimeout(open, AGAIN * (0.5 + Math.random()))
  }

  // A line that died without a word shows only in that it is not open.
  const watchdog = setInterval(() => {
    if (source.readyState !== EventSource.OPEN && Date.now() - heard > SILENCE) again()
  }, SILENCE / 2)

  open()
  return {
    close: () => {
      clearTimeout(timer)
      clearInterval(watchdog)
      source.close()
    },
  }
}
