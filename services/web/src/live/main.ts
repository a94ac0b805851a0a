import '@/shared/tokens.css'
import './live.css'

import { createApp } from 'vue'

import { pagesI18n } from '@/shared/i18n'

import App from './App.vue'
import { fetchAhead, router } from './router'
import { followSystemTheme } from './theme'

const texts = import.meta.glob('../locales/*/live.json', { import: 'default' })

followSystemTheme()
fetchAhead()
createApp(App)
  .use(await pagesI18n(texts))
  .use(router)
  .mount('#app')
