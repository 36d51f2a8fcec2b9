import { expect, test } from 'vitest'
import * as storemap from '../src/index.ts'

test('the package exports these names and no other', () => {
  expect(Object.keys(storemap).sort()).toEqual(['StoremapError', 'defineConfig', 'run'])
})
