import { createRouter, createWebHistory, type RouteRecordRaw, type Router } from 'vue-router'

import ConsoleFrame from './frame/ConsoleFrame.vue'
import { useMe } from './me'
import SignIn from './sign/SignIn.vue'

declare module 'vue-router' {
  interface RouteMeta {
    title?: string
    open?: boolean
    /** Whose page it is; others are led back to the list. */
    of?: 'organisesUnits' | 'organises' | 'isAdministrator'
  }
}

const board: RouteRecordRaw[] = [
  { path: '', name: 'overview', component: () => import('./board/OverviewPage.vue'), meta: { title: 'overview' } },
  { path: 'scheme', name: 'scheme', component: () => import('./scheme/SchemePage.vue'), meta: { title: 'scheme' } },
  { path: 'entries', name: 'entries', component: () => import('./entries/EntriesPage.vue'), meta: { title: 'entries' } },
  { path: 'start-list', name: 'start-list', component: () => import('./entries/StartListPage.vue'), meta: { title: 'start-list' } },
  { path: 'judges', name: 'judges', component: () => import('./judges/JudgesPage.vue'), meta: { title: 'judges' } },
  { path: 'record', name: 'record', component: () => import('./record/RecordPage.vue'), meta: { title: 'record' } },
  { path: 'control', name: 'control', component: () => import('./control/ControlPage.vue'), meta: { title: 'control' } },
  { path: 'results', name: 'results', component: () => import('./results/ResultsPage.vue'), meta: { title: 'results' } },
  { path: 'proposals', name: 'proposals', component: () => import('./proposals/ProposalsPage.vue'), meta: { title: 'proposals' } },
  { path: 'indicators', name: 'indicators', component: () => import('./indicators/IndicatorsPage.vue'), meta: { title: 'indicators' } },
  { path: 'contributions', name: 'contributions', component: () => import('./contributions/ContributionsPage.vue'), meta: { title: 'contributions' } },
  { path: 'charts', name: 'charts', component: () => import('./charts/ChartsPage.vue'), meta: { title: 'charts' } },
  { path: 'reveal', name: 'reveal', component: () => import('./reveal/RevealPage.vue'), meta: { title: 'reveal' } },
]

const inside: RouteRecordRaw[] = [
  { path: '', name: 'contests', component: () => import('./contests/ContestList.vue'), meta: { title: 'contests' } },
  { path: 'new', name: 'new', component: () => import('./contests/NewContest.vue'), meta: { title: 'new', of: 'organisesUnits' } },
  { path: 'drives', name: 'drives', component: () => import('./proposals/DrivesPage.vue'), meta: { title: 'drives' } },
  { path: 'screens', name: 'screens', component: () => import('./screens/ScreensPage.vue'), meta: { title: 'screens', of: 'organises' } },
  { path: 'units', name: 'units', component: () => import('./people/UnitsPage.vue'), meta: { title: 'units', of: 'organisesUnits' } },
  { path: 'accounts', name: 'accounts', component: () => import('./people/AccountsPage.vue'), meta: { title: 'accounts', of: 'isAdministrator' } },
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
    return !to.meta.of || store[to.meta.of] || { name: 'contests' }
  })
  router.onError((failure, to, from) => {
    if (from.matched.length && isGone(failure)) location.assign(router.resolve(to).href)
  })
  return router
}

/** A page's files of before an update are not there any more: what the reader wants comes with the new ones. */
function isGone(failure: unknown): boolean {
  return failure instanceof TypeError && /dynamically imported module|importing a module/i.test(failure.message)
}
