/** The sheet in hand: what stands in its fields, what of it is a mark, and where it stands. */
import { computed, ref, watch, type Ref } from 'vue'

import { aspectsOf, type Aspect, type Form } from './form/layout'
import { faultOf } from './form/scale'
import { acceptedOf, baseOf, inSlot, keyOf, rivalOf, type Marks, type Slot } from './keeping/sheets'
import { useJudge } from './store'

export function useSheet(slot: Ref<Slot>, form: Ref<Form | undefined>) {
  const judge = useJudge()
  const texts = ref<Record<string, string>>({})
  const marks = ref<Marks>({})
  const notes = ref<Record<string, string>>({})
  const editing = ref(false)

  const aspects = computed(() => (form.value ? aspectsOf(form.value, slot.value.attempt) : []))
  const standing = computed(() => judge.standing(slot.value))
  const waiting = computed(() => inSlot(judge.queue, slot.value).at(-1))
  const refused = computed(() => inSlot(judge.queue, slot.value).find((each) => each.refusal))
  const rival = computed(() => rivalOf(refused.value?.refusal ?? null))
  const remark = computed(() => judge.remark(slot.value))
  const accepted = computed(() => (judge.desk ? acceptedOf(judge.desk, slot.value) : undefined))
  const locked = computed(() => !editing.value && standing.value !== 'open' && standing.value !== 'started')
  const lacking = computed(() => aspects.value.filter((each) => !each.restsAtZero && marks.value[each.path] === undefined))
  const wrong = computed(() => aspects.value.filter((each) => faultIn(each)))
  const complete = computed(() => aspects.value.length > 0 && !lacking.value.length && !wrong.value.length)

  watch(() => keyOf(slot.value), show, { immediate: true })
  watch([() => accepted.value?.id, () => waiting.value?.id], () => locked.value && show())

  /** What is kept of this slot: the draft, else what was handed in, else what the server has. */
  function show(): void {
    const draft = judge.draftOf(slot.value)
    const kept = draft ?? waiting.value?.sheet ?? accepted.value
    marks.value = { ...kept?.marks } as Marks
    notes.value = { ...kept?.notes }
    texts.value = Object.fromEntries(Object.entries(marks.value).map(([path, mark]) => [path, mark ?? '']))
    editing.value = !!draft
  }

  function faultIn(aspect: Aspect): boolean {
    const text = texts.value[aspect.path]
    return !!text && !aspect.scale.levels.length && !aspect.scale.yesNo && faultOf(aspect.scale, text) !== null
  }

  function enter(aspect: Aspect, text: string): void {
    texts.value[aspect.path] = text
    const isMark = text !== '' && faultOf(aspect.scale, text) === null
    keep(aspect.path, isMark ? text : undefined)
  }

  /** A choice, or null: I give no mark here. Taken again, it is withdrawn. */
  function choose(aspect: Aspect, mark: string | null): void {
    const again = marks.value[aspect.path] === mark
    texts.value[aspect.path] = again ? '' : (mark ?? '')
    keep(aspect.path, again ? undefined : mark)
  }

  function keep(path: string, mark: string | null | undefined): void {
    const { [path]: _, ...others } = marks.value
    marks.value = mark === undefined ? others : { ...others, [path]: mark }
    store()
  }

  function annotate(path: string, note: string): void {
    const { [path]: _, ...others } = notes.value
    notes.value = note ? { ...others, [path]: note } : others
    store()
  }

  function store(base?: number): void {
    editing.value = true
    void judge.keepDraft(slot.value, { marks: { ...marks.value }, notes: { ...notes.value } }, base)
  }

  /** Begin a new version from what is there. */
  function revise(): void {
    store(judge.desk ? baseOf(judge.desk, slot.value, judge.queue) : 0)
  }

  async function discard(): Promise<void> {
    await judge.dropDraft(slot.value)
    show()
  }

  /** What is sent: the marks, and 0 where nothing was deducted or added. */
  function whole(): Marks {
    const rest = aspects.value.filter((each) => each.restsAtZero).map((each) => [each.path, '0'])
    return { ...Object.fromEntries(rest), ...marks.value }
  }

  /** False where this device could not keep it. */
  async function handIn(base?: number): Promise<boolean> {
    if (!judge.desk) return false
    const from = base ?? judge.draftOf(slot.value)?.base ?? baseOf(judge.desk, slot.value, judge.queue)
    const isKept = await judge.handIn(slot.value, whole(), { ...notes.value }, from)
    if (!isKept) return false
    editing.value = false
    show()
    return true
  }

  /** Of two versions the server's: mine is dropped. */
  async function yieldToRival(): Promise<void> {
    for (const each of inSlot(judge.queue, slot.value)) await judge.drop(each)
    await judge.dropDraft(slot.value)
    editing.value = false
    show()
    judge.wake()
  }

  /** Of two versions mine, as a new version upon the server's. */
  async function insist(): Promise<void> {
    const mine = refused.value
    if (!mine) return
    marks.value = { ...mine.sheet.marks } as Marks
    notes.value = { ...mine.sheet.notes }
    await handIn(rival.value?.version ?? 0)
  }

  return {
    aspects, texts, marks, notes, standing, waiting, refused, rival, remark, accepted, locked, lacking, complete,
    enter, choose, annotate, revise, discard, handIn, whole, yieldToRival, insist,
  }
}
