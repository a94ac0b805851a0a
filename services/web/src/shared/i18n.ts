/** The texts of a page: one language at a time, fetched when it is needed, split by entry. */
import { computed } from 'vue'
import { createI18n, useI18n } from 'vue-i18n'

import { keepLanguage, LANGUAGES, preferredLanguage, type Language } from './language'

interface Texts {
  [key: string]: string | Texts
}
/** Loaders by the path of their locale file, as `import.meta.glob` gives them. */
export type Loaders = Record<string, () => Promise<unknown>>

const loaders: Loaders = import.meta.glob('../locales/*/shared.json', { import: 'default' })

/** The plugin with the shared texts and those of one entry, in the reader's language. */
export async function pagesI18n(own: Loaders) {
  Object.assign(loaders, own)
  const language = preferredLanguage()
  const messages = { [language]: await textsOf(language) }
  document.documentElement.lang = language
  return createI18n({ legacy: false, locale: language, messages })
}

/** The page's language, and how to change it. */
export function useLanguage() {
  const { locale, setLocaleMessage } = useI18n({ useScope: 'global' })

  async function change(language: Language): Promise<void> {
    // The texts come first, so that no page shows keys.
    setLocaleMessage(language, await textsOf(language))
    locale.value = language
    document.documentElement.lang = language
    keepLanguage(language)
  }

  function next(): Promise<void> {
    return change(LANGUAGES.find((each) => each !== locale.value) ?? 'zh-CN')
  }

  return { language: computed(() => locale.value as Language), change, next }
}

/** `locales/en/live.json` holds the keys that begin with `live.`. */
async function textsOf(language: Language): Promise<Texts> {
  const files = Object.entries(loaders).filter(([path]) => path.includes(`/${language}/`))
  const parts = files.map(async ([path, load]) => [namespaceOf(path), await load()] as const)
  return Object.fromEntries(await Promise.all(parts)) as Texts
}

function namespaceOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1, -'.json'.length)
}
