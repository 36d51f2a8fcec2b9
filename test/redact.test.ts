import { expect, test } from 'vitest'
import { errors } from '../src/errors.ts'
import { redact, registerSecret } from '../src/redact.ts'

test('a registered secret is hidden as it is, percent-encoded and in base64', () => {
  registerSecret('p@ss/w0rd+x')
  const text = `a p@ss/w0rd+x b ${encodeURIComponent('p@ss/w0rd+x')} c ${Buffer.from('p@ss/w0rd+x').toString('base64')}`
  expect(redact(text)).toMatch(/^a \*\*\* b \*\*\* c \*\*\*=*$/)
})

test('of two secrets of which one begins the other, nothing of the longer one stays', () => {
  registerSecret('secret')
  registerSecret('secret-and-more')
  expect(redact('<secret-and-more>')).toBe('<***>')
})

test('values under four characters are too common to hide', () => {
  registerSecret('abc')
  expect(redact('abcdef')).toBe('abcdef')
})

test('every line of a key is hidden', () => {
  registerSecret('-----BEGIN KEY-----\nAAAAB3NzaC1yc2EAAAADAQAB\n-----END KEY-----\n')
  expect(redact('Load key: AAAAB3NzaC1yc2EAAAADAQAB')).toBe('Load key: ***')
})

test('credentials of anything that looks like a URL are hidden, known or not', () => {
  expect(redact('postgres://me:pa@ss@db/shop')).toBe('postgres://***@db/shop')
  expect(redact("fatal: 'https://ghp_1@github.com/a/b'")).toBe("fatal: 'https://***@github.com/a/b'")
})

test('addresses without credentials stay readable', () => {
  for (const text of ['https://shop.example.com/@user', 'ssh://git@host/a.git', 'mail a@b.example']) {
    expect(redact(text)).toBe(text)
  }
})

test('no error can carry a registered secret in its message or its hint', () => {
  registerSecret('planted-secret')
  const error = errors.targetUnreachable('acme/sitemap', 'planted-secret was refused')
  expect(error.message).not.toContain('planted-secret')
  expect(error.message).toContain('***')
})
