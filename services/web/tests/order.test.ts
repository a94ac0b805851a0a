import { expect, it } from 'vitest'

import { naturally } from '@/shared/order'

it('numbers inside codes are ordered as numbers', () => {
  const codes = ['10', '2', 'w-10-b', 'w-2', 'W-10-a', 'w', '焊工12', '焊工3']

  expect(codes.sort(naturally).filter((code) => !code.startsWith('焊'))).toEqual(['2', '10', 'w', 'w-2', 'W-10-a', 'w-10-b'])
  expect(codes.indexOf('焊工3')).toBeLessThan(codes.indexOf('焊工12'))
})
