/** The platform's API, typed from its OpenAPI documents. `ask(api.scoring.GET('/api/scoring/…'))` or it throws. */
import createClient, { type ClientOptions, type Middleware } from 'openapi-fetch'

import type { paths as Awards } from '@/generated/awards'
import type { paths as Identity } from '@/generated/identity'
import type { paths as Leaderboard } from '@/generated/leaderboard'
import type { paths as Registration } from '@/generated/registration'
import type { paths as Scoring } from '@/generated/scoring'
import type { paths as Suggestions } from '@/generated/suggestions'

import { newId } from './ids'
import { failureOf, Unreachable } from './problem'

const inLanguageOfPage: Middleware = {
  onRequest: ({ request }) => request.headers.set('Accept-Language', document.documentElement.lang || 'zh-CN'),
  onResponse: async ({ response }) => {
    if (!response.ok) throw await failureOf(response)
  },
  onError: ({ error }) => (error instanceof Error && error.name === 'AbortError' ? error : new Unreachable()),
}

function client<Paths extends object>(options: ClientOptions = {}) {
  const made = createClient<Paths>({ baseUrl: location.origin, ...options })
  made.use(inLanguageOfPage)
  return made
}

export const api = {
  identity: client<Identity>(),
  registration: client<Registration>(),
  scoring: client<Scoring>(),
  suggestions: client<Suggestions>(),
  leaderboard: client<Leaderboard>(),
  awards: client<Awards>(),
}

/** The answer's body. Throws Refused (the platform says no) or Unreachable (nobody answered). */
export async function ask<T>(call: Promise<{ data?: T }>): Promise<T> {
  return (await call).data as T
}

/** The header that makes a command happen once, however often it is sent. Make it where the person acts. */
export function once(key: string = newId()): { 'Idempotency-Key': string } {
  return { 'Idempotency-Key': key }
}
