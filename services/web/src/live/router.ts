import { createRouter, createWebHistory } from 'vue-router'

import BoardList from './boards/BoardList.vue'

/** The list and a board come at once or soon; a phone never fetches the big screen's part. */
export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/live', component: BoardList },
    { path: '/live/:board', component: () => import('./board/BoardPage.vue'), props: true },
    { path: '/screen', component: () => import('./screen/ScreenPage.vue') },
    { path: '/:rest(.*)', redirect: '/live' },
  ],
  scrollBehavior: (_to, _from, saved) => saved ?? {},
})
