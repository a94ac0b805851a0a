import '@/shared/tokens.css'
import 'element-plus/dist/index.css'
import './console.css'

import { createPinia } from 'pinia'
import { createApp } from 'vue'

import { pagesI18n } from '@/shared/i18n'

import App from './App.vue'
import { applyTheme } from './frame/theme'
import { makeRouter } from './router'

const texts = import.meta.glob('../locales/*/console.json', { import: 'default' })

applyTheme()
const app = createApp(App)
  .use(await pagesI18n(texts))
  .use(createPinia())
app.use(makeRouter()).mount('#app')
