/** Commands: what is dangerous asks first, a refusal is shown where it was asked for, success is said. */
import { ElMessage, ElMessageBox } from 'element-plus'
import { h, ref, shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'

interface Danger {
  title: string
  /** What the act will change. */
  changes: string
  /** How it is undone, or that it cannot be. */
  undo: string
  /** The word on the button. */
  verb: string
}

export function useActs() {
  const { t } = useI18n()
  const failure = shallowRef<unknown>(null)
  const busy = ref(false)

  /** Whether it was done. */
  async function act(command: () => Promise<unknown>, said = t('console.act.done')): Promise<boolean> {
    busy.value = true
    failure.value = null
    try {
      await command()
      if (said) ElMessage({ message: said, type: 'success', plain: true })
      return true
    } catch (thrown) {
      failure.value = thrown
      return false
    } finally {
      busy.value = false
    }
  }

  const message = (danger: Danger) => h('div', [h('p', danger.changes), h('p', { class: 'undo' }, danger.undo)])
  const options = (danger: Danger) => ({
    confirmButtonText: danger.verb,
    cancelButtonText: t('console.act.cancel'),
    customClass: 'danger-box',
    closeOnClickModal: false,
  })

  /** Ask once; whether the answer was yes. */
  async function sure(danger: Danger): Promise<boolean> {
    return ElMessageBox.confirm(message(danger), danger.title, options(danger)).then(
      () => true,
      () => false,
    )
  }

  /** Ask once, with the reason that goes into the ledger; null where it was called off. */
  async function reasonFor(danger: Danger, needed = true): Promise<string | null> {
    return ElMessageBox.prompt(message(danger), danger.title, {
      ...options(danger),
      inputPlaceholder: t('console.act.reason'),
      inputValidator: (text: string) => !needed || !!text?.trim() || t('console.act.reasonNeeded'),
    }).then(
      ({ value }) => value?.trim() ?? '',
      () => null,
    )
  }

  return { act, sure, reasonFor, failure, busy }
}
