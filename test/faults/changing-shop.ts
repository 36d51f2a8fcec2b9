// The demo shop, in which every night something else changes, and what its sitemap has to show of that.
import { expect } from 'vitest'
import type { Project } from '../helpers/project.ts'
import { demoShop, SITE } from '../helpers/project.ts'
import type { Found } from './consumer.ts'

/** Small shards, so that there are several: some change each night, some do not, and some become two. */
export const changingShop = {
  ...demoShop,
  sections: {
    products: { of: 'products', url: '/products/{slug}' },
    pages: { of: 'pages', url: '/pages/{slug}' },
  },
  limits: { entries: 60 },
} as const

export interface ChangingShop {
  /** A page more, a page less, and a few products under another name. */
  change(): Promise<void>
  /** Fails where a bundle is not the one of the shop as it is, or the date of a page moved that did not change. */
  expectShown(found: Found | undefined): void
}

/** Of a shop whose sitemap is published. */
export function makeChangingShop(project: Project, first: Found): ChangingShop {
  const query = (sql: string, values: unknown[] = []) => project.database?.query(sql, values) ?? Promise.resolve([])
  const expected = new Set(first.pages.keys())
  let touched = new Set<string>()
  let dates = first.pages
  let nights = 0
  return {
    async change() {
      nights += 1
      await query(
        `insert into page_page (slug, title, created_at, is_published, page_type_id)
         select 'night-' || $1::text, 'Night', now(), true, min(id) from page_pagetype`,
        [nights],
      )
      expected.add(`${SITE}/pages/night-${nights}`)
      await query(`delete from page_page where slug = 'night-' || $1::text`, [nights - 5])
      expected.delete(`${SITE}/pages/night-${nights - 5}`)
      const renamed = await query(
        `update product_product set name = name || '!', updated_at = now() where id % 97 = $1 returning slug`,
        [nights % 97],
      )
      for (const { slug } of renamed) touched.add(`${SITE}/products/${slug}`)
    },
    expectShown(found) {
      expect([...(found?.pages.keys() ?? [])].sort()).toEqual([...expected].sort())
      for (const [loc, date] of dates) {
        const now = found?.pages.get(loc)
        if (!expected.has(loc)) continue
        if (!touched.has(decodeURIComponent(loc))) expect(now, `the date of ${loc}, which did not change`).toBe(date)
        else expect(Date.parse(now as string), loc).toBeGreaterThanOrEqual(Date.parse(date as string))
      }
      dates = found?.pages as Found['pages']
      touched = new Set()
    },
  }
}
