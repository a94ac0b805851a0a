/** A file sent with its progress; `fetch` cannot tell how much of a body has gone. */
import { failureOf, Unreachable } from '@/shared/problem'

import type { Told } from '../works'

interface Sending {
  /** The same file sent again under the same key is done once. */
  key: string
  told: Told
}

export function sendFile<T>(address: string, file: File, { key, told }: Sending): Promise<T> {
  const body = new FormData()
  body.set('file', file)
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', address)
    request.setRequestHeader('Accept-Language', document.documentElement.lang)
    request.setRequestHeader('Idempotency-Key', key)
    request.upload.onprogress = (event) => told(Math.round((99 * event.loaded) / event.total))
    // All of it is there; how long the platform works on it nobody can tell.
    request.upload.onload = () => told(null)
    request.onerror = () => reject(new Unreachable())
    request.onload = () => {
      if (request.status < 300) return resolve(JSON.parse(request.responseText) as T)
      const headers = { 'content-type': request.getResponseHeader('content-type') ?? '' }
      void failureOf(new Response(request.responseText, { status: request.status, headers })).then(reject)
    }
    request.send(body)
  })
}
