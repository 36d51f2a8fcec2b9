-- Grows the demo shop by :n products, for measuring. Every figure comes from the product's number.
-- Of the new ones about 80 % are visible in default-channel, and 57 % pass the filter of the benchmark.
insert into product_product (id, name, slug, updated_at, created_at, product_type_id, category_id,
  description_plaintext, search_document, search_index_dirty, metadata, private_metadata, seo_title, rating)
select base.id + i, 'Product ' || i, 'bench-' || (array['oak', 'tea', 'lamp', 'rug', 'sofa', 'kettle', 'mug'])[1 + i % 7] || '-' || i,
  timestamptz '2026-01-01' + (i % 300) * interval '1 day' + (i % 86400) * interval '1 second', '2025-01-01',
  kinds.ids[1 + i % array_length(kinds.ids, 1)], categories.ids[1 + i % array_length(categories.ids, 1)], '', '', false,
  case when i % 20 = 0 then '{"sitemap": "exclude"}' else '{}' end::jsonb,
  case when i % 10 < 8 then '{"pim_status": "ready"}' else '{"pim_status": "draft"}' end::jsonb,
  case when i % 3 = 0 then 'Title ' || i end, i % 6
from generate_series(1, :n) i,
  (select max(id) as id from product_product) base,
  (select array_agg(id order by id) as ids from product_producttype) kinds,
  (select array_agg(id order by id) as ids from product_category) categories;

insert into product_productchannellisting (product_id, channel_id, currency, is_published, published_at,
  visible_in_listings, available_for_purchase_at, discounted_price_dirty)
select p.id, c.id, c.currency_code, (p.id + c.id) % 11 <> 0,
  case when p.id % 37 = 0 then timestamptz '2098-01-01' else timestamptz '2025-06-01' end,
  p.id % 13 <> 0, '2025-06-01', false
from product_product p cross join channel_channel c
where p.slug like 'bench-%' and c.slug in ('default-channel', 'channel-pln');

insert into product_productvariant (sku, name, product_id, track_inventory, metadata, private_metadata, is_preorder, created_at, updated_at)
select 'BENCH-' || p.id, '', p.id, true, '{}', '{}', false, '2025-01-01', '2025-01-01'
from product_product p where p.slug like 'bench-%';

insert into product_productvariantchannellisting (variant_id, channel_id, currency, price_amount)
select v.id, c.id, c.currency_code, case when v.product_id % 50 = 0 then null else 10 + v.product_id % 90 end
from product_productvariant v cross join channel_channel c
where v.sku like 'BENCH-%' and c.slug in ('default-channel', 'channel-pln');

insert into attribute_assignedproductattributevalue (product_id, value_id)
select p.id, v.id
from product_product p
join attribute_attribute a on a.slug = 'discontinued'
join attribute_attributevalue v on v.attribute_id = a.id and v.boolean = (p.id % 9 = 0)
where p.slug like 'bench-%' and p.id % 2 = 0;

analyze;
