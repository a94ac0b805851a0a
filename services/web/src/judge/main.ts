import '@/shared/tokens.css'
import 'vant/es/style/base.css'
import './vant.css'
import './judge.css'

import { createPinia } from 'pinia'
import { createApp } from 'vue'

import { pagesI18n } from '@/shared/i18n'

import App from './App.vue'
import { Device } from './keeping/device'
import { keepShell } from './shell'
import { useJudge } from './store'

const texts = import.meta.glob('../locales/*/judge.json', { import: 'default' })

// The secret leaves the address before anything else happens, so that no history and no referrer has it.
function takeSecret(): string {
  const secret = location.hash.slice(1)
  if (secret) history.replaceState(null, '', location.pathname)
  return secret
}

const secret = takeSecret()
void keepShell()

const app = createApp(App).use(createPinia()).use(await pagesI18n(texts))
app.mount('#app')
const judge = useJudge()
await Device.open().then(
  (device) => judge.start(device, secret),
  (problem: unknown) => judge.refuse(problem),
)
// A code that is scanned while the page is open only changes the part behind the #.
window.addEventListener('hashchange', () => {
  const next = takeSecret()
  if (next) void judge.enterBy(next)
})
