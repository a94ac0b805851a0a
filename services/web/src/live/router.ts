import { createRouter, createWebHistory } from 'vue-router'

import BoardList from './boards/BoardList.vue'

const boardPage = () => import('./board/BoardPage.vue')

/** The list and a board come at once or soon; a phone never fetches the big screen's part. */
export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/live', component: BoardList },
    { path: '/live/:board', component: boardPage, props: true },
    { path: '/screen', component: () => import('./screen/ScreenPage.vue') },
    { path: '/:rest(.*)', redirect: '/live' },
  ],
  scrollBehavior: (_to, _from, saved) => saved ?? {},
})

/** Fetch what the address needs while the texts are still on their way. */
export function fetchAhead(): void {
  if (/^\/live\/./.test(location.pathname)) void boardPage()
}
