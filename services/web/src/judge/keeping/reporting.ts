/** What this device tells the control room of itself: what it still has to send, its battery, its clock. */
import type { components } from '@/generated/identity'

export type DeviceState = components['schemas']['DeviceState']

interface Battery {
  level: number
  charging: boolean
}

const AT_LEAST_EVERY = 60_000

/** Only some browsers tell the battery, and only over HTTPS. */
export async function batteryOf(browser: Navigator): Promise<Pick<DeviceState, 'battery' | 'charging'>> {
  const ask = (browser as { getBattery?: () => Promise<Battery> }).getBattery
  const found = await ask?.call(browser).catch(() => undefined)
  return found ? { battery: Math.round(found.level * 100), charging: found.charging } : {}
}

/** Reports when something changed, and otherwise once a minute. */
export class Reports {
  private readonly told = new Map<string, { state: string; at: number }>()

  /** Whether this state of an account is news; `done` says that it was told. */
  isDue(account: string, state: DeviceState, now: number): boolean {
    const before = this.told.get(account)
    return !before || before.state !== essence(state) || now - before.at >= AT_LEAST_EVERY
  }

  done(account: string, state: DeviceState, now: number): void {
    this.told.set(account, { state: essence(state), at: now })
  }
}

/** A clock drifts and a battery drains all the time: that is no news. */
function essence({ unsent, refused, charging }: DeviceState): string {
  return JSON.stringify([unsent, refused, charging])
}
