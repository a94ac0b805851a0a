/** What this device keeps, in IndexedDB. Every write has reached the disk when its promise is kept. */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb'

import { newId } from '@/shared/ids'

import type { Desk } from '../form/layout'
import type { Draft, HandedIn, SheetOut } from './sheets'
import { withAccepted } from './sheets'

/** A judge on this device. Everything else is filed under `account`, so that two judges never mix. */
export interface Session {
  account: string
  name: string
  token: string
  boards: string[]
  openedAt: string
  /** Keeps honest colleagues apart; it is no secret from whoever can read this device. */
  pin: string
  /** The fingerprints of the links that opened it. */
  links: string[]
  /** The server no longer knows the session: a new link is needed before anything can go up. */
  ended: boolean
}

export interface Signature {
  id: string
  account: string
  board: string
  signedAt: string
  fingerprint: string
  sheets: SheetOut[]
  picture: string
}

/** What the server said of a board, and when. */
export interface KeptDesk {
  account: string
  desk: Desk
  readAt: string
}

interface Stores extends DBSchema {
  device: { key: string; value: string }
  sessions: { key: string; value: Session }
  desks: { key: string; value: KeptDesk }
  drafts: { key: string; value: Draft; indexes: { account: string } }
  queue: { key: string; value: HandedIn; indexes: { account: string } }
  signatures: { key: string; value: Signature; indexes: { account: string } }
}

const SAFE = { durability: 'strict' } as const

export class Device {
  private constructor(private db: IDBPDatabase<Stores>) {}

  /** Rejects where the browser keeps nothing for this page, as in some private windows. */
  static async open(name = 'leitai-judge'): Promise<Device> {
    const opened = () =>
      openDB<Stores>(name, 1, {
        upgrade: (made) => {
          made.createObjectStore('device')
          made.createObjectStore('sessions', { keyPath: 'account' })
          made.createObjectStore('desks')
          made.createObjectStore('drafts', { keyPath: 'key' }).createIndex('account', 'account')
          made.createObjectStore('queue', { keyPath: 'id' }).createIndex('account', 'account')
          made.createObjectStore('signatures', { keyPath: 'id' }).createIndex('account', 'account')
        },
        // The browser closed it by itself, as when its data was cleared: what follows needs it open.
        terminated: () => void opened().then((again) => (device.db = again)),
      })
    const device: Device = new Device(await opened())
    return device
  }

  /** This device's own id, made once. */
  async id(): Promise<string> {
    const tx = this.db.transaction('device', 'readwrite', SAFE)
    const kept = (await tx.store.get('id')) ?? newId()
    await tx.store.put(kept, 'id')
    await tx.done
    return kept
  }

  async current(): Promise<Session | undefined> {
    const account = await this.db.get('device', 'current')
    return account ? this.db.get('sessions', account) : undefined
  }

  sessions(): Promise<Session[]> {
    return this.db.getAll('sessions')
  }

  async enter(session: Session): Promise<void> {
    const tx = this.db.transaction(['sessions', 'device'], 'readwrite', SAFE)
    await tx.objectStore('sessions').put(session)
    await tx.objectStore('device').put(session.account, 'current')
    await tx.done
  }

  /** Nobody is at the tablet; everything stays where it is. */
  async leave(): Promise<void> {
    await this.db.delete('device', 'current')
  }

  async keepSession(session: Session): Promise<void> {
    await this.db.put('sessions', session)
  }

  async desk(account: string, board: string): Promise<KeptDesk | undefined> {
    return this.db.get('desks', deskKey(account, board))
  }

  async keepDesk(account: string, desk: Desk): Promise<KeptDesk> {
    const kept = { account, desk, readAt: new Date().toISOString() }
    await this.db.put('desks', kept, deskKey(account, desk.board.id))
    return kept
  }

  drafts(account: string): Promise<Draft[]> {
    return this.db.getAllFromIndex('drafts', 'account', account)
  }

  async keepDraft(draft: Draft): Promise<void> {
    const tx = this.db.transaction('drafts', 'readwrite', SAFE)
    await tx.store.put(draft)
    await tx.done
  }

  async dropDraft(key: string): Promise<void> {
    await this.db.delete('drafts', key)
  }

  queue(account: string): Promise<HandedIn[]> {
    return this.db.getAllFromIndex('queue', 'account', account)
  }

  /** The draft becomes a sheet on its way, in one write; it replaces its slot's sheets if one was refused. */
  async handIn(given: Omit<HandedIn, 'turn'>): Promise<HandedIn> {
    const tx = this.db.transaction(['device', 'queue', 'drafts'], 'readwrite', SAFE)
    const turn = Number((await tx.objectStore('device').get('turn')) ?? '0') + 1
    const kept = { ...given, turn }
    await tx.objectStore('device').put(String(turn), 'turn')
    const waiting = await tx.objectStore('queue').index('account').getAll(given.account)
    const replaced = waiting.filter((each) => each.key === given.key)
    if (replaced.some((each) => each.refusal)) {
      for (const each of replaced) await tx.objectStore('queue').delete(each.id)
    }
    await tx.objectStore('queue').put(kept)
    await tx.objectStore('drafts').delete(given.key)
    await tx.done
    return kept
  }

  async keepInQueue(sheet: HandedIn): Promise<void> {
    const tx = this.db.transaction('queue', 'readwrite', SAFE)
    await tx.store.put(sheet)
    await tx.done
  }

  async dropFromQueue(id: string): Promise<void> {
    await this.db.delete('queue', id)
  }

  /** The server has it: out of the queue and into the desk, in one write. */
  async accept(sent: HandedIn, taken: SheetOut): Promise<void> {
    const tx = this.db.transaction(['queue', 'desks'], 'readwrite', SAFE)
    const desks = tx.objectStore('desks')
    const key = deskKey(sent.account, sent.board)
    const kept = await desks.get(key)
    if (kept) await desks.put({ ...kept, desk: withAccepted(kept.desk, taken) }, key)
    await tx.objectStore('queue').delete(sent.id)
    await tx.done
  }

  signatures(account: string): Promise<Signature[]> {
    return this.db.getAllFromIndex('signatures', 'account', account)
  }

  async keepSignature(signature: Signature): Promise<void> {
    const tx = this.db.transaction('signatures', 'readwrite', SAFE)
    await tx.store.put(signature)
    await tx.done
  }

  close(): void {
    this.db.close()
  }
}

function deskKey(account: string, board: string): string {
  return `${account}\t${board}`
}
