import '@/shared/tokens.css'

import { createApp } from 'vue'

import { pagesI18n } from '@/shared/i18n'

import App from './App.vue'

const texts = import.meta.glob('../locales/*/console.json', { import: 'default' })

createApp(App).use(await pagesI18n(texts)).mount('#app')
