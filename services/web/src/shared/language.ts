/** The reader's language and how it is remembered. */
export type Language = 'zh-CN' | 'en'

export const LANGUAGES: readonly Language[] = ['zh-CN', 'en']
const KEPT = 'leitai.language'

export function preferredLanguage(): Language {
  const kept = localStorage.getItem(KEPT)
  if (kept === 'zh-CN' || kept === 'en') return kept
  return navigator.languages.find((each) => /^(zh|en)\b/.test(each))?.startsWith('en') ? 'en' : 'zh-CN'
}

export function keepLanguage(language: Language): void {
  localStorage.setItem(KEPT, language)
}

/** A title that carries both languages, as the API gives it. */
export interface Bilingual {
  zh: string
  en?: string
}

/** The side of a title that this reader reads; Chinese where there is no other. */
export function inLanguage(title: Bilingual, language: Language): string {
  return (language === 'en' ? title.en || title.zh : title.zh || title.en) ?? ''
}
