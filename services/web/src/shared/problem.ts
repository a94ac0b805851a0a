/** One thing wrong with a request: where, what was found, which rule, and what to do. */
export interface Fault {
  field: string
  value?: unknown
  rule: string
  detail: string
  way_out: string
}

/** A refusal of the platform (RFC 9457), in the reader's language; `extensions` are the members of its type. */
export interface Problem {
  type: string
  title: string
  status: number
  detail?: string
  way_out?: string
  errors?: Fault[]
  [extension: string]: unknown
}

/** The platform answered and said no. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.title)
    this.name = 'Refused'
  }

  get status(): number {
    return this.problem.status
  }

  /** The last part of the type: `window-closed` of `urn:leitai:problem:window-closed`. */
  get slug(): string {
    return this.problem.type.slice(this.problem.type.lastIndexOf(':') + 1)
  }
}

/** Nobody answered: no network, or the server is away. Trying again later may help. */
export class Unreachable extends Error {
  constructor(readonly status = 0) {
    super('unreachable')
    this.name = 'Unreachable'
  }
}

const AWAY = new Set([408, 425, 500, 502, 503, 504])

/** What a failed answer means: a refusal with its problem, or a server that is away. */
export async function failureOf(answer: Response): Promise<Refused | Unreachable> {
  if (AWAY.has(answer.status)) return new Unreachable(answer.status)
  const isProblem = answer.headers.get('content-type')?.startsWith('application/problem+json')
  const body: unknown = isProblem ? await answer.json().catch(() => null) : null
  if (body && typeof body === 'object' && 'title' in body) return new Refused(body as Problem)
  return new Refused({ type: 'about:blank', title: answer.statusText || String(answer.status), status: answer.status })
}
