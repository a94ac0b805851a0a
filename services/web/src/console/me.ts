/** Who is signed in and what they may do. services/kit/access.py decides; this only hides what it would refuse. */
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'

import { api, ask } from '@/shared/api'
import { Refused } from '@/shared/problem'

import type { BoardBody, Me, Role } from './types'

export const useMe = defineStore('me', () => {
  const me = ref<Me | null>(null)
  const isAdministrator = computed(() => grantsOf().some((grant) => grant.role === 'administrator'))
  const organises = computed(() => isAdministrator.value || grantsOf().some((grant) => grant.role === 'organiser'))
  /** Organiser of a part of the unit tree, not only of a board. */
  const organisesUnits = computed(
    () => isAdministrator.value || grantsOf().some((grant) => grant.role === 'organiser' && grant.unit),
  )
  const runs = computed(
    () => organises.value || grantsOf().some((grant) => ['chief_judge', 'auditor'].includes(grant.role)),
  )

  function grantsOf() {
    return me.value?.grants ?? []
  }

  function may(board: Pick<BoardBody, 'id' | 'unit'>, ...roles: Role[]): boolean {
    return (
      isAdministrator.value ||
      grantsOf().some(
        (grant) =>
          roles.includes(grant.role) &&
          ((!!grant.board && grant.board === board.id) || (!!grant.unit && board.unit.path.startsWith(grant.unit))),
      )
    )
  }

  /** Organiser of what belongs to the unit at this path. */
  function organisesAt(path: string): boolean {
    return isAdministrator.value || grantsOf().some((grant) => grant.role === 'organiser' && !!grant.unit && path.startsWith(grant.unit))
  }

  /** Null where nobody is signed in. */
  async function load(): Promise<Me | null> {
    try {
      me.value = await ask(api.identity.GET('/api/identity/me'))
    } catch (failure) {
      if (!(failure instanceof Refused) || failure.status !== 401) throw failure
      me.value = null
    }
    return me.value
  }

  async function signIn(account: string, password: string): Promise<void> {
    await ask(api.identity.POST('/api/identity/sessions', { body: { account, password, device: '' } }))
    await load()
  }

  async function changePassword(current: string, next: string): Promise<void> {
    const path = { account_id: me.value?.account ?? '' }
    await ask(
      api.identity.PUT('/api/identity/accounts/{account_id}/password', {
        params: { path },
        body: { current, new: next },
      }),
    )
    await load()
  }

  async function signOut(): Promise<void> {
    await ask(api.identity.DELETE('/api/identity/sessions/current'))
    me.value = null
  }

  return { me, isAdministrator, organises, organisesUnits, runs, may, organisesAt, load, signIn, changePassword, signOut }
})
