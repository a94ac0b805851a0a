import { createRouter, createWebHistory, type RouteRecordRaw, type Router } from 'vue-router'

import ConsoleFrame from './frame/ConsoleFrame.vue'
import { useMe } from './me'
import SignIn from './sign/SignIn.vue'

declare module 'vue-router' {
  interface RouteMeta {
    title?: string
    open?: boolean
  }
}

const board: RouteRecordRaw[] = [
  { path: '', name: 'overview', component: () => import('./board/OverviewPage.vue'), meta: { title: 'overview' } },
]

const inside: RouteRecordRaw[] = [
  { path: '', name: 'contests', component: () => import('./contests/ContestList.vue'), meta: { title: 'contests' } },
  { path: 'new', name: 'new', component: () => import('./contests/NewContest.vue'), meta: { title: 'new' } },
  { path: 'boards/:board', component: () => import('./board/BoardPage.vue'), children: board, props: true },
  { path: ':rest(.*)*', redirect: { name: 'contests' } },
]

export function makeRouter(): Router {
  const router = createRouter({
    history: createWebHistory('/console'),
    routes: [
      { path: '/sign-in', name: 'sign-in', component: SignIn, meta: { title: 'signIn', open: true } },
      { path: '/password', name: 'password', component: () => import('./sign/NewPassword.vue'), meta: { title: 'password' } },
      { path: '/', component: ConsoleFrame, children: inside },
    ],
    scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
  })

  router.beforeEach(async (to) => {
    if (to.meta.open) return true
    const store = useMe()
    const me = store.me ?? (await store.load())
    if (!me) return { name: 'sign-in', query: to.fullPath === '/' ? {} : { to: to.fullPath } }
    if (me.must_change_password && to.name !== 'password') return { name: 'password' }
    return true
  })
  return router
}
