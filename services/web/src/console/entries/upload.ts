/** A roster sent as a file, with its progress; `fetch` cannot tell how much of a body has gone. */
import type { components } from '@/generated/registration'
import { failureOf, Unreachable } from '@/shared/problem'

export type Imported = components['schemas']['Imported']

interface Sending {
  dryRun: boolean
  verified: boolean
  key: string
  progress(percent: number): void
}

export function sendRoster(board: string, file: File, sending: Sending): Promise<Imported> {
  const query = new URLSearchParams({ dry_run: String(sending.dryRun), verified: String(sending.verified) })
  const body = new FormData()
  body.set('file', file)
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', `/api/registration/boards/${encodeURIComponent(board)}/entries/import?${query}`)
    request.setRequestHeader('Accept-Language', document.documentElement.lang)
    request.setRequestHeader('Idempotency-Key', sending.key)
    request.upload.onprogress = (event) => sending.progress(Math.round((100 * event.loaded) / event.total))
    request.onerror = () => reject(new Unreachable())
    request.onload = () => {
      if (request.status < 300) return resolve(JSON.parse(request.responseText) as Imported)
      const headers = { 'content-type': request.getResponseHeader('content-type') ?? '' }
      void failureOf(new Response(request.responseText, { status: request.status, headers })).then(reject)
    }
    request.send(body)
  })
}
