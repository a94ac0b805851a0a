import { describe, expect, it } from 'vitest'

import { aspectsOf, formsOf, type Desk } from '@/judge/form/layout'
import { faultOf, mayBecome, stepped, tidy, type Scale } from '@/judge/form/scale'

const TO_60: Scale = { min: '0', max: '60', step: '0.5', levels: [], yesNo: false }
const OPEN: Scale = { min: '0', max: null, step: null, levels: [], yesNo: false }
const FROM_60: Scale = { min: '60', max: '100', step: '5', levels: [], yesNo: false }
const QUARTERS: Scale = { min: '0', max: '1', step: '0.25', levels: [], yesNo: false }
const BELOW: Scale = { min: '-2', max: '0', step: '0.5', levels: [], yesNo: false }
const AROUND_ZERO: Scale = { min: '-5', max: '5', step: '1', levels: [], yesNo: false }

describe('a mark', () => {
  it.each([
    ['50.5', null],
    ['60', null],
    ['0', null],
    ['60.5', 'max'],
    ['-1', 'min'],
    ['50.3', 'step'],
    ['', 'number'],
    ['1e3', 'number'],
    ['5.', 'number'],
    ['-0', 'number'],
  ])('%s of 0 to 60 by 0.5: %s', (text, fault) => {
    expect(faultOf(TO_60, text)).toBe(fault)
  })

  it('steps without the errors of floating point', () => {
    const tenths: Scale = { ...TO_60, step: '0.1' }
    let mark = '0'
    for (let count = 0; count < 3; count++) mark = stepped(tenths, mark, 1)

    expect(mark).toBe('0.3')
  })

  it('stops at the ends of its scale', () => {
    expect([stepped(TO_60, '60', 1), stepped(TO_60, '0', -1), stepped(TO_60, null, 1)]).toEqual(['60', '0', '0'])
  })

  it('is kept without needless zeros in front', () => {
    expect([tidy('08.50'), tidy('0.5'), tidy('00'), tidy('-05'), tidy('7.')]).toEqual(['8.50', '0.5', '0', '-5', '7'])
  })
})

describe('the pad', () => {
  it.each([
    [TO_60, '6', true],
    [TO_60, '61', false],
    [TO_60, '60.', true],
    [TO_60, '5.5', true],
    [TO_60, '5.55', false],
    [TO_60, '-', false],
    [AROUND_ZERO, '-', true],
    [AROUND_ZERO, '-6', false],
    [AROUND_ZERO, '1.', false],
    [OPEN, '123456.789', true],
    [OPEN, '12a', false],
    [TO_60, '50.3', false],
    [FROM_60, '5', false],
    [FROM_60, '6', true],
    [FROM_60, '1', true],
    [FROM_60, '10', true],
    [FROM_60, '11', false],
    [FROM_60, '72', false],
    [FROM_60, '0', false],
    [QUARTERS, '0.2', true],
    [QUARTERS, '0.3', false],
    [QUARTERS, '.', true],
    [AROUND_ZERO, '-5', true],
    [AROUND_ZERO, '-0', false],
    [AROUND_ZERO, '-55', false],
    [BELOW, '-', true],
    [BELOW, '-0.5', true],
    [BELOW, '-1.5', true],
    [BELOW, '-2.5', false],
    [BELOW, '-2.', true],
  ])('%o lets "%s" stand: %s', (scale, text, may) => {
    expect(mayBecome(scale, text)).toBe(may)
  })
})

function desk(root: object, judges: string[] = ['j-1'], stage = ''): Desk {
  const panels = [{ stage, judges: judges.map((judge) => ({ judge, name: judge })) }]
  return { judge: 'j-1', scheme: { data: { id: 's', root } }, panels } as unknown as Desk
}

const SEAM = { id: 'seam', kind: 'judgement', title: { zh: '焊缝', en: 'Seam' }, scale: { max: 60, step: '0.5' } }
const LATE = { id: 'late', kind: 'deduction', scale: { max: '5' } }
const THEORY = { id: 'theory', kind: 'imported' }
const STAGE = { id: 'practical', kind: 'group', stage: true, title: '实操', children: [SEAM, LATE] }

describe('the forms of a scheme', () => {
  it('are its stages, without what is imported', () => {
    const forms = formsOf(desk({ kind: 'group', children: [THEORY, STAGE] }))

    expect(forms.map((form) => [form.stage, form.title?.zh])).toEqual([['practical', '实操']])
    expect(aspectsOf(forms[0]!, 1).map((each) => [each.path, each.restsAtZero])).toEqual([
      ['practical.seam', false],
      ['practical.late', true],
    ])
  })

  it('are the whole scheme where it has no stages', () => {
    const forms = formsOf(desk({ kind: 'group', children: [SEAM, THEORY] }))

    expect(forms.map((form) => form.stage)).toEqual([''])
  })

  it('are those of panels that the judge sits on', () => {
    const other = { ...STAGE, id: 'final' }

    expect(formsOf(desk({ kind: 'group', children: [STAGE, other] }, ['j-1'], 'final')).map((form) => form.stage)).toEqual(['final'])
    expect(formsOf(desk({ kind: 'group', children: [STAGE, other] }, ['j-2']))).toEqual([])
  })

  it('have as many attempts as the node that is repeated', () => {
    const runs = { id: 'runs', kind: 'group', attempts: { count: 3, title: { zh: '轮', en: 'Run' } }, children: [SEAM] }
    const [form] = formsOf(desk({ kind: 'group', children: [runs, LATE] }))

    expect([form?.attempts, form?.attemptTitle?.zh]).toEqual([3, '轮'])
    expect(aspectsOf(form!, 2).map((each) => each.path)).toEqual(['runs.seam'])
  })
})
