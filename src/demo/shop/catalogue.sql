-- The demo shop's contents: every figure follows from a product's number n, so each load gives the same shop.
-- What n modulo 50 means for a product's visibility is told in README.md; a test holds the two together.
begin;

insert into channel_channel (id, name, slug, is_active, currency_code, default_country, allocation_strategy) values
  (1, 'Default channel', 'default-channel', true, 'USD', 'US', 'prioritize-sorting-order'),
  (2, 'Channel PLN', 'channel-pln', true, 'PLN', 'PL', 'prioritize-sorting-order'),
  (3, 'Closed channel', 'closed-channel', false, 'EUR', 'DE', 'prioritize-sorting-order');

insert into product_producttype (id, name, slug, kind, has_variants, is_shipping_required, is_digital, weight) values
  (1, 'Furniture', 'furniture', 'normal', true, true, false, 0),
  (2, 'Lighting', 'lighting', 'normal', true, true, false, 0),
  (3, 'Textiles', 'textiles', 'normal', true, true, false, 0);

-- Categories, written in the order of the tree, from which the MPTT columns follow.
create temp table branch (id int, parent_id int, tree_id int, level int, slug text, name text, de text, pl text)
  on commit drop;
insert into branch values
  (1, null, 1, 0, 'furniture', 'Furniture', 'Möbel', 'Meble'),
  (2, 1, 1, 1, 'living-room', 'Living room', 'Wohnzimmer', 'Salon'),
  (3, 2, 1, 2, 'sofas', 'Sofas', 'Sofas', 'Sofy'),
  (4, 2, 1, 2, 'armchairs', 'Armchairs', 'Sessel', 'Fotele'),
  (5, 1, 1, 1, 'dining-room', 'Dining room', 'Esszimmer', 'Jadalnia'),
  (6, 5, 1, 2, 'tables', 'Tables', 'Tische', 'Stoły'),
  (7, 5, 1, 2, 'chairs-and-stools', 'Chairs & stools', 'Stühle & Hocker', 'Krzesła'),
  (8, 1, 1, 1, 'study', 'Study', 'Arbeitszimmer', 'Gabinet'),
  (9, 8, 1, 2, 'desks', 'Desks', 'Schreibtische', 'Biurka'),
  (10, 8, 1, 2, 'shelves', 'Shelves', 'Regale', 'Regały'),
  (11, null, 2, 0, 'homeware', 'Homeware', 'Wohnaccessoires', 'Dodatki'),
  (12, 11, 2, 1, 'lighting', 'Lighting', 'Leuchten', 'Oświetlenie'),
  (13, 12, 2, 2, 'table-lamps', 'Table lamps', 'Tischleuchten', null),
  (14, 12, 2, 2, 'floor-lamps', 'Floor lamps', 'Stehleuchten', null),
  (15, 11, 2, 1, 'textiles', 'Textiles', 'Textilien', 'Tkaniny'),
  (16, 15, 2, 2, 'rugs', 'Rugs', 'Teppiche', 'Dywany'),
  (17, 15, 2, 2, 'throws', 'Throws', 'Decken', 'Koce'),
  (18, 11, 2, 1, 'gift-ideas', 'Gift ideas', null, null),
  (19, null, 3, 0, 'outdoor', 'Outdoor', 'Draußen', 'Na zewnątrz'),
  (20, 19, 3, 1, 'garden-furniture', 'Garden furniture', 'Gartenmöbel', 'Meble ogrodowe'),
  (21, 20, 3, 2, 'hammocks', 'Hammocks', 'Hängematten', 'Hamaki'),
  (22, null, 4, 0, 'coming-soon', 'Coming soon', 'Demnächst', null),
  (23, null, 5, 0, 'archive', 'Archive', null, null),
  (24, null, 6, 0, 'clearance', 'Clearance', 'Räumungsverkauf', null);

insert into product_category (id, name, slug, parent_id, tree_id, level, lft, rght, seo_title, background_image,
  background_image_alt, description, description_plaintext, metadata, updated_at)
select id, name, slug, parent_id, tree_id, level, lft, lft + 2 * descendants + 1,
  case id % 3 when 0 then null when 1 then '' else name || ' | Demo shop' end,
  case when id % 4 = 1 then 'category-backgrounds/' || slug || '.jpg' end, '',
  case when id % 5 <> 0 then jsonb_build_object('blocks', jsonb_build_array(jsonb_build_object('type', 'paragraph',
    'data', jsonb_build_object('text', 'All our ' || lower(name) || '.')))) end,
  case when id % 5 <> 0 then 'All our ' || lower(name) || '.' else '' end,
  (case slug when 'clearance' then '{"sitemap": "exclude"}'
    when 'sofas' then '{"sitemap": "include"}' else '{}' end)::jsonb,
  case when id % 7 <> 0 then timestamptz '2026-02-01 08:00:00.000123Z' + id * interval '9 days 05:11:07.013001' end
from (
  select b.*, 2 * row_number() over (partition by tree_id order by id) - level - 1 as lft,
    (with recursive below as (
      select c.id from branch c where c.parent_id = b.id
      union all select c.id from branch c join below on c.parent_id = below.id
    ) select count(*) from below) as descendants
  from branch b
) placed
order by id;

-- One row a product. r = n % 50 decides its state in default-channel; multiples of 50 up to 400 have hostile slugs.
create temp table item (
  n int primary key, r int, noun int, name text, slug text, plain boolean, de text, pl text, category_id int,
  type_id int, touched timestamptz
) on commit drop;
insert into item
select n, n % 50, noun, coalesce(odd_name, adjectives[kind] || ' ' || nouns[noun] || ' ' || series),
  coalesce(odd_slug, lower(replace(adjectives[kind] || ' ' || nouns[noun] || ' ' || series, ' ', '-'))),
  odd_slug is null,
  coalesce(odd_name, nouns_de[noun] || ' ' || adjectives_de[kind] || ' ' || series),
  coalesce(odd_name, nouns_pl[noun] || ' ' || adjectives_pl[kind] || ' ' || series),
  case
    when n % 100 = 2 then null -- Saleor unpublishes what has no category
    when n % 100 = 3 then 22
    when n % 100 = 52 then 23
    when n in (13, 63) then 21 -- seen in channel-pln only
    when n % 97 = 0 then 1
    when n % 89 = 0 then 8
    else (array[3, 4, 6, 7, 9, 10, 13, 14, 16, 17])[(noun + 1) / 2]
  end,
  case when noun <= 12 then 1 when noun <= 16 then 2 else 3 end,
  timestamptz '2025-09-01 00:00:00.000001Z' + (n * 37 % 500) * interval '19:37:11.000457'
from generate_series(1, 500) n
cross join lateral (select (n - 1) % 20 + 1 as noun, (n - 1) % 12 + 1 as kind, (n - 1) / 60 + 1 as series) picked
left join (values
  (50, 'Schreibtisch Größe L', 'schreibtisch-größe-l'),
  (100, 'Tokyo Lamp', '東京-lamp'),
  (150, 'Стол дубовый', 'стол-дубовый'),
  (200, 'Tom & Jerry''s "Rug" <XL>', 'tom-&-jerry''s-"rug"-<xl>'),
  (250, 'Half-Price Sofa', 'half/price-sofa'),
  (300, '100% Wool Throw', '100% wool-throw'),
  (350, 'Party Lights 🎉', 'party-🎉-lights'),
  (400, 'Who? Poster #1', 'who?-poster-#1')
) odd (odd_n, odd_name, odd_slug) on odd_n = n
cross join (select
  array['Oak', 'Walnut', 'Pine', 'Ash', 'Beech', 'Nordic', 'Rustic', 'Slim', 'Classic', 'Modern', 'Grand', 'Petite']
    as adjectives,
  array['Eiche', 'Nussbaum', 'Kiefer', 'Esche', 'Buche', 'Nordisch', 'Rustikal', 'Schmal', 'Klassisch', 'Modern',
    'Groß', 'Klein'] as adjectives_de,
  array['dąb', 'orzech', 'sosna', 'jesion', 'buk', 'nordycki', 'rustykalny', 'smukły', 'klasyczny', 'nowoczesny',
    'duży', 'mały'] as adjectives_pl,
  array['Sofa', 'Corner Sofa', 'Armchair', 'Lounge Chair', 'Dining Table', 'Bistro Table', 'Dining Chair', 'Bar Stool',
    'Desk', 'Standing Desk', 'Bookcase', 'Wall Shelf', 'Table Lamp', 'Desk Lamp', 'Floor Lamp', 'Reading Lamp', 'Rug',
    'Runner', 'Throw', 'Blanket'] as nouns,
  array['Sofa', 'Ecksofa', 'Sessel', 'Loungesessel', 'Esstisch', 'Bistrotisch', 'Esszimmerstuhl', 'Barhocker',
    'Schreibtisch', 'Stehpult', 'Bücherregal', 'Wandregal', 'Tischleuchte', 'Schreibtischlampe', 'Stehleuchte',
    'Leselampe', 'Teppich', 'Läufer', 'Überwurf', 'Wolldecke'] as nouns_de,
  array['Sofa', 'Narożnik', 'Fotel', 'Fotel klubowy', 'Stół', 'Stolik', 'Krzesło', 'Hoker', 'Biurko', 'Biurko stojące',
    'Regał', 'Półka', 'Lampa stołowa', 'Lampka biurkowa', 'Lampa podłogowa', 'Lampka do czytania', 'Dywan', 'Chodnik',
    'Narzuta', 'Koc'] as nouns_pl
) words;

insert into product_product (id, name, slug, product_type_id, category_id, created_at, updated_at, description,
  description_plaintext, seo_title, seo_description, weight, rating, external_reference, metadata, private_metadata,
  search_document, search_index_dirty)
select n, name, slug, type_id, category_id, timestamptz '2025-01-02 09:30:00.25Z' + n * interval '07:13:01.000031',
  touched,
  jsonb_build_object('time', 1760000000000 + n, 'version', '2.30.7', 'blocks', jsonb_build_array(jsonb_build_object(
    'type', 'paragraph',
    'data', jsonb_build_object('text', 'The <b>' || noun || '</b>th of its kind: ' || name || '.')))),
  'The ' || noun || 'th of its kind: ' || name || '.',
  case n % 3 when 0 then null when 1 then '' else left(name || ' | Demo shop', 70) end,
  case when n % 4 <> 0 then 'Buy ' || name || ' in the Demo shop.' end,
  case when n % 6 <> 0 then 0.5 + n % 40 end,
  case when n % 4 <> 0 then (n * 13 % 51) / 10.0 end,
  case when n % 2 = 1 then 'ERP-' || lpad(n::text, 5, '0') end,
  jsonb_strip_nulls(jsonb_build_object(
    'sitemap', case when r in (10, 20) then 'exclude' when r in (15, 16) then 'include' end,
    -- Numbers as text, as the API writes them; a few that are none.
    'score', case when n % 40 = 33 then 'n/a' when n % 4 <> 3 then (n * 7 % 100)::text end)),
  jsonb_strip_nulls(jsonb_build_object(
    'pim_status', case when r in (11, 21) or n % 100 = 20 then 'draft' when r in (12, 22) then null else 'ready' end,
    'pim_editor', case when n % 5 = 0 then 'o''hara & sons' end)),
  '', false
from item order by n;

insert into product_productvariant (product_id, sku, name, sort_order, track_inventory, is_preorder, created_at,
  updated_at)
select n, 'SM-' || lpad(n::text, 4, '0') || '-' || k, (array['S', 'M', 'L'])[k], k - 1, n % 13 <> 0, false,
  touched - interval '200 days', touched - k * interval '1 day 00:00:01.000003'
from item cross join generate_series(1, 3) k
where r <> 5 and k <= 1 + n % 3
order by n, k;

update product_product p set default_variant_id = v.id
from product_productvariant v where v.product_id = p.id and v.sort_order = 0;

create temp table listed on commit drop as
select n, r, c.id as channel_id, c.currency_code as currency, touched,
  (20 + n * 37 % 900 + 0.9) * (array[1, 4, 0.9])[c.id] as price
from item cross join channel_channel c
where r <> 1 and case c.slug
  when 'default-channel' then r not in (13, 14)
  when 'channel-pln' then r = 13 or r <> 14 and n % 2 = 0
  else r = 14 or n % 5 = 0
end;

insert into product_productchannellisting (product_id, channel_id, currency, is_published, published_at,
  visible_in_listings, available_for_purchase_at, discounted_price_amount)
select n, channel_id, currency, r <> 2 and (channel_id = 1 or n % 14 <> 0),
  case when r = 3 then timestamptz '2098-01-01 00:00Z' when n % 11 <> 0 then touched - interval '90 days' end,
  r <> 4,
  case r when 8 then timestamptz '2098-06-01 00:00Z' when 9 then null else touched - interval '60 days' end,
  case when r not in (5, 6, 7) then price end
from listed order by channel_id, n;

insert into product_productvariantchannellisting (variant_id, channel_id, currency, price_amount,
  discounted_price_amount, cost_price_amount)
select v.id, channel_id, currency, p.price, case when n % 10 = 0 then round(p.price * 0.8, 2) else p.price end,
  round(p.price / 2, 2)
from listed l
join product_productvariant v on v.product_id = n
-- r = 23: the first of several variants has no price, the product is visible all the same.
cross join lateral (select case
  when r = 6 and channel_id = 1 or r = 23 and sort_order = 0 and n % 3 > 0 then null
  else price + 5 * sort_order
end as price) p
where not (r = 7 and channel_id = 1)
order by channel_id, v.id;

insert into product_collection (id, name, slug, background_image, background_image_alt, seo_title, metadata) values
  (1, 'Summer sale', 'summer-sale', 'collection-backgrounds/summer.jpg', 'Sun & sand', null, '{"sitemap": "include"}'),
  (2, 'New arrivals', 'new-arrivals', '', '', '', '{}'),
  (3, 'Winter preview', 'winter-preview', null, '', 'Winter is coming', '{}'),
  (4, 'Staff picks', 'staff-picks', null, '', null, '{}'),
  (5, 'Warsaw exclusives', 'warsaw-exclusives', null, '', null, '{}'),
  (6, 'Last of the closed shop', 'last-of-the-closed-shop', null, '', null, '{}'),
  (7, 'Bestsellers', 'bestsellers', 'collection-backgrounds/best.jpg', '', null, '{"sitemap": "exclude"}'),
  (8, 'Größe & Maß', 'größe-&-maß', null, '', null, '{}'),
  (9, 'Empty shelf', 'empty-shelf', null, '', null, '{}');
insert into product_collectionchannellisting (collection_id, channel_id, is_published, published_at) values
  (1, 1, true, '2026-06-01 00:00Z'), (1, 2, true, '2026-06-15 00:00Z'), (2, 1, true, '2026-03-01 07:00:00.5Z'),
  (3, 1, true, '2098-11-01 00:00Z'), (4, 1, false, '2026-01-01 00:00Z'), (4, 2, true, '2026-01-01 00:00Z'),
  (5, 2, true, '2025-12-01 00:00Z'), (6, 3, true, '2025-05-01 00:00Z'), (7, 1, true, null), (7, 2, false, null),
  (8, 1, true, '2026-02-02 02:02:02.020202Z'), (9, 1, true, '2026-02-03 00:00Z');
insert into product_collectionproduct (collection_id, product_id, sort_order)
select c.id, n, case when n % 3 <> 0 then n end
from product_collection c join item on n % (10 + c.id) = c.id and c.id <> 9
order by c.id, n;

insert into product_productmedia (product_id, sort_order, type, image, alt, external_url, oembed_data, to_remove)
select n, k, case when video then 'VIDEO' else 'IMAGE' end,
  case when video then null when outside then '' else 'products/' || file || '-' || k + 1 || '.jpg' end,
  case n % 7 when 0 then '' when 1 then name || ' <front> & "back"' else name end,
  case when video then 'https://www.youtube.com/watch?v=demo' || n || '&t=1'
    when outside then 'https://img.example.com/' || n || '.jpg?w=1&h=2' end,
  case when video then jsonb_build_object('title', name, 'provider_name', 'YouTube') else '{}' end,
  n % 25 = 8 and k > 0
from item cross join generate_series(0, 2) k
cross join lateral (select n % 25 = 7 and k = 0 as video, n % 50 = 30 and k = 0 as outside,
  case when plain then slug else 'photo-' || n end as file) m
where n % 10 <> 9 and k <= n % 3
order by n, k;
insert into product_productmedia (sort_order, type, image, alt, oembed_data, to_remove)
select 0, 'IMAGE', 'products/orphan-' || k || '.jpg', '', '{}', true from generate_series(1, 8) k;

insert into page_pagetype (id, name, slug) values (1, 'Static page', 'static-page'), (2, 'Guide', 'guide');
insert into page_page (id, title, slug, page_type_id, created_at, is_published, published_at, seo_title, metadata,
  content)
select id, title, slug, type_id, timestamptz '2025-02-03 10:20:30.405060Z' + id * interval '31 days 01:01:01',
  is_published, published_at, case id % 3 when 0 then null when 1 then '' else title end, metadata::jsonb,
  jsonb_build_object('blocks', jsonb_build_array(jsonb_build_object('type', 'paragraph', 'data',
    jsonb_build_object('text', title || ' &amp; more.'))))
from (values
  (1, 'About us', 'about', 1, true, timestamptz '2025-03-01 00:00Z', '{}'),
  (2, 'Contact', 'contact', 1, true, '2025-03-01 00:00Z', '{}'),
  (3, 'Shipping', 'shipping', 1, true, '2025-04-01 12:00:00.000001Z', '{}'),
  (4, 'Returns', 'returns', 1, true, '2025-04-01 12:00Z', '{}'),
  (5, 'Privacy', 'privacy', 1, true, '2025-03-01 00:00Z', '{"sitemap": "exclude"}'),
  (6, 'Terms', 'terms', 1, true, null, '{}'),
  (7, 'Care guide', 'care-guide', 2, true, null, '{"sitemap": "include"}'),
  (8, 'Buying a rug', 'buying-a-rug', 2, true, '2026-01-15 08:00Z', '{}'),
  (9, 'Our designers', 'our-designers', 2, true, '2026-02-15 08:00Z', '{}'),
  (10, 'Press', 'press', 1, false, '2025-06-01 00:00Z', '{}'),
  (11, 'Careers', 'careers', 1, false, null, '{}'),
  (12, 'Store opening', 'store-opening', 1, true, '2098-05-01 00:00Z', '{}'),
  (13, 'Anniversary', 'anniversary', 2, true, '2098-09-01 00:00Z', '{}')
) p (id, title, slug, type_id, is_published, published_at, metadata)
order by id;

-- Translations: some with a slug of their own, some without.
insert into product_producttranslation (product_id, language_code, name, slug, seo_title)
select n, 'de', de, case when n % 4 <> 0 then null when plain then translate(lower(replace(de, ' ', '-')), 'ÄÖÜ', 'äöü')
  else slug || '-de' end, null
from item where n % 2 = 0
union all
select n, 'pl', pl, case when n % 6 <> 0 then null
  when plain then translate(lower(replace(pl, ' ', '-')), 'ąćęłńóśźż', 'acelnoszz') else slug || '-pl' end, ''
from item where n % 3 = 0
order by 2, 1;
insert into product_categorytranslation (category_id, language_code, name, slug)
select id, 'de', de, case when id % 2 = 0 then translate(lower(replace(de, ' ', '-')), 'ÄÖÜ', 'äöü') end
from branch where de is not null
union all
select id, 'pl', pl, case when id % 3 = 0 then translate(lower(replace(pl, ' ', '-')), 'ąćęłńóśźż', 'acelnoszz') end
from branch where pl is not null
order by 2, 1;
insert into product_collectiontranslation (collection_id, language_code, name, slug) values
  (1, 'de', 'Sommerschlussverkauf', 'sommerschlussverkauf'), (1, 'pl', 'Letnia wyprzedaż', 'letnia-wyprzedaz'),
  (2, 'de', 'Neuheiten', null), (2, 'pl', 'Nowości', 'nowosci'), (5, 'pl', 'Tylko w Warszawie', null),
  (7, 'de', 'Bestseller', 'bestseller');
insert into page_pagetranslation (page_id, language_code, title, slug) values
  (1, 'de', 'Über uns', 'ueber-uns'), (1, 'pl', 'O nas', 'o-nas'), (2, 'de', 'Kontakt', null), (2, 'pl', null, null),
  (3, 'de', 'Versand', 'versand'), (7, 'de', 'Pflegehinweise', 'pflegehinweise'), (10, 'de', 'Presse', 'presse'),
  (12, 'pl', 'Otwarcie sklepu', 'otwarcie-sklepu');

insert into attribute_attribute (id, slug, name, input_type, type, entity_type, unit, is_variant_only,
  available_in_grid, visible_in_storefront, filterable_in_dashboard, filterable_in_storefront, value_required,
  storefront_search_position)
select id, slug, name, input_type, type, entity_type, unit, slug = 'size', true, slug <> 'internal-note', true,
  slug <> 'internal-note', false, 0
from (values
  (1, 'brand', 'Brand', 'dropdown', 'product-type', null, null),
  (2, 'material', 'Material', 'multiselect', 'product-type', null, null),
  (3, 'colour', 'Colour', 'swatch', 'product-type', null, null),
  (4, 'discontinued', 'Discontinued', 'boolean', 'product-type', null, null),
  (5, 'net-weight', 'Net weight', 'numeric', 'product-type', null, 'kg'),
  (6, 'sellable-until', 'Sellable until', 'date', 'product-type', null, null),
  (7, 'restocked-at', 'Restocked at', 'date-time', 'product-type', null, null),
  (8, 'internal-note', 'Internal note', 'plain-text', 'product-type', null, null),
  (9, 'story', 'Story', 'rich-text', 'product-type', null, null),
  (10, 'manual', 'Manual', 'file', 'product-type', null, null),
  (11, 'goes-with', 'Goes with', 'reference', 'product-type', 'Product', null),
  (12, 'designer', 'Designer', 'single-reference', 'product-type', 'Page', null),
  (13, 'size', 'Size', 'dropdown', 'product-type', null, null),
  (14, 'audience', 'Audience', 'dropdown', 'page-type', null, null),
  (15, 'reviewed-on', 'Reviewed on', 'date', 'page-type', null, null)
) a (id, slug, name, input_type, type, entity_type, unit);

insert into attribute_attributeproduct (attribute_id, product_type_id, sort_order)
select a.id, t.id, a.id from attribute_attribute a cross join product_producttype t
where a.id <= 12 and not (a.slug = 'material' and t.slug = 'lighting')
  and not (a.slug = 'manual' and t.slug = 'textiles')
order by t.id, a.id;
insert into attribute_attributevariant (attribute_id, product_type_id, sort_order, variant_selection)
select 13, id, 0, true from product_producttype order by id;
insert into attribute_attributepage (attribute_id, page_type_id, sort_order) values (14, 1, 0), (14, 2, 0), (15, 2, 1);

-- Choices, shared by all that have them.
insert into attribute_attributevalue (attribute_id, slug, name, value, file_url, content_type, "boolean", sort_order)
values
  (1, 'nordhem', 'Nordhem', '', null, null, null, 0), (1, 'atelier-7', 'Atelier 7', '', null, null, null, 1),
  (1, 'bauhaus-und-co', 'Bauhaus & Co', '', null, null, null, 2),
  (1, 'łódź-works', 'Łódź Works', '', null, null, null, 3),
  (1, 'o-hara', 'O''Hara', '', null, null, null, 4), (1, 'no-orders-yet', 'No orders yet', '', null, null, null, 5),
  (2, 'wood', 'Wood', '', null, null, null, 0), (2, 'metal', 'Metal', '', null, null, null, 1),
  (2, 'glass', 'Glass', '', null, null, null, 2), (2, 'wool', 'Wool', '', null, null, null, 3),
  (2, 'linen', 'Linen', '', null, null, null, 4),
  (3, 'white', 'White', '#ffffff', null, null, null, 0), (3, 'black', 'Black', '#000000', null, null, null, 1),
  (3, 'moss', 'Moss', '#6b7a4b', null, null, null, 2),
  (3, 'tartan', 'Tartan', '', 'file_upload/tartan.png', 'image/png', null, 3),
  (4, '4_true', 'Discontinued: Yes', '', null, null, true, 0),
  (4, '4_false', 'Discontinued: No', '', null, null, false, 1),
  (13, 's', 'S', '', null, null, null, 0), (13, 'm', 'M', '', null, null, null, 1),
  (13, 'l', 'L', '', null, null, null, 2),
  (14, 'customers', 'Customers', '', null, null, null, 0), (14, 'press', 'Press', '', null, null, null, 1);

insert into attribute_attributevaluetranslation (attribute_value_id, language_code, name)
select val.id, t.language_code, t.name
from (values
  ('wood', 'de', 'Holz'), ('metal', 'de', 'Metall'), ('glass', 'de', 'Glas'), ('wool', 'de', 'Wolle'),
  ('linen', 'de', 'Leinen'), ('white', 'de', 'Weiß'), ('black', 'de', 'Schwarz'), ('moss', 'de', 'Moosgrün'),
  ('wood', 'pl', 'Drewno'), ('metal', 'pl', 'Metal'), ('white', 'pl', 'Biały'), ('customers', 'de', 'Kunden')
) t (slug, language_code, name)
join attribute_attributevalue val on val.slug = t.slug
order by t.language_code, val.id;

-- Values of one product alone, Saleor's way: a row of their own, with the product's number in the slug.
-- Some textiles have a manual although their type has none (any more): Saleor leaves such values, and hides them.
insert into attribute_attributevalue (attribute_id, slug, name, value, "numeric", date_time, plain_text, rich_text,
  file_url, content_type, reference_product_id, reference_page_id, sort_order)
select a.id, 'product-' || n || '_' || coalesce(ref, page_ref, a.id), left(label, 200), '', num, at, note, rich, file,
  case when file is not null then 'application/pdf' end, ref, page_ref, 0
from item
cross join lateral (values
  -- Every tenth of them still waits for the back-fill of the numeric column.
  ('net-weight', n % 3 = 0, (n % 80 + 0.5)::text, case when n % 30 <> 0 then n % 80 + 0.5 end, null::timestamptz, null,
    null::jsonb, null, null::int, null::int),
  ('sellable-until', n % 10 = 1, '2025-12-31', null, '2025-12-31 00:00Z', null, null, null, null, null),
  ('sellable-until', n % 10 = 2, '2098-12-31', null, '2098-12-31 00:00Z', null, null, null, null, null),
  ('restocked-at', n % 10 in (3, 4, 5), (touched - interval '5 days')::text, null, touched - interval '5 days', null,
    null, null, null, null),
  ('internal-note', n % 15 = 4, 'Ask <the warehouse> & "call back"', null, null, 'Ask <the warehouse> & "call back"',
    null, null, null, null),
  ('story', n % 25 = 6, 'Made by hand', null, null, null,
    jsonb_build_object('blocks', jsonb_build_array(jsonb_build_object('type', 'paragraph', 'data',
      jsonb_build_object('text', 'Made <i>by hand</i>')))), null, null, null),
  ('manual', n % 16 = 5, 'manual-' || n || '.pdf', null, null, null, null, 'file_upload/manual-' || n || '.pdf', null,
    null),
  ('goes-with', n % 8 = 3, 'A match', null, null, null, null, null, n % 500 + 1, null),
  ('goes-with', n % 8 = 3, 'A match', null, null, null, null, null, (n + 1) % 500 + 1, null),
  ('designer', n % 21 = 5, 'Our designers', null, null, null, null, null, null, 9)
) v (slug, has, label, num, at, note, rich, file, ref, page_ref)
join attribute_attribute a on a.slug = v.slug
where has
order by a.id, n, ref;
insert into attribute_assignedproductattributevalue (product_id, value_id, sort_order)
select split_part(substr(slug, 9), '_', 1)::int, id,
  row_number() over (partition by attribute_id, split_part(slug, '_', 1) order by id) - 1
from attribute_attributevalue where slug like 'product-%\_%' order by id;

insert into attribute_assignedproductattributevalue (product_id, value_id, sort_order)
select n, val.id, k
from item
cross join lateral (values
  ('brand', n % 12 <> 0, (array['nordhem', 'atelier-7', 'bauhaus-und-co', 'łódź-works', 'o-hara'])[1 + n % 5], 0),
  ('material', type_id <> 2 and n % 5 <> 0, (array['wood', 'metal', 'glass'])[1 + n % 3], 0),
  ('material', type_id <> 2 and n % 5 = 1, (array['wool', 'linen'])[1 + n % 2], 1),
  ('colour', n % 4 <> 0, (array['white', 'black', 'moss', 'tartan'])[1 + n % 4], 0),
  ('discontinued', n % 20 = 15, '4_true', 0),
  ('discontinued', n % 20 in (16, 17), '4_false', 0)
) v (attribute, has, choice, k)
join attribute_attribute a on a.slug = attribute
join attribute_attributevalue val on val.attribute_id = a.id and val.slug = choice
where has
order by n, a.id, k;

-- Each variant has its size.
with given as (
  insert into attribute_assignedvariantattribute (variant_id, assignment_id)
  select v.id, av.id
  from product_productvariant v
  join product_product p on p.id = v.product_id
  join attribute_attributevariant av on av.product_type_id = p.product_type_id
  order by v.id
  returning id, variant_id
)
insert into attribute_assignedvariantattributevalue (assignment_id, value_id, variant_id, sort_order)
select given.id, val.id, v.id, 0
from given
join product_productvariant v on v.id = given.variant_id
join attribute_attributevalue val on val.attribute_id = 13 and val.slug = lower(v.name)
order by v.id;

insert into attribute_attributevalue (attribute_id, slug, name, value, date_time, sort_order)
select 15, 'page-' || id || '_15', '2026-0' || id % 9 + 1 || '-01', '',
  ('2026-0' || id % 9 + 1 || '-01 00:00Z')::timestamptz, 0
from page_page where id in (7, 8) order by id;
insert into attribute_assignedpageattributevalue (page_id, value_id, sort_order)
select p.id, val.id, 0
from page_page p
join attribute_attributevalue val
  on val.attribute_id = 14 and val.slug = case p.id when 10 then 'press' else 'customers' end
  or val.slug = 'page-' || p.id || '_15'
where p.id <> 2
order by p.id, val.id;

insert into warehouse_warehouse (id, name, slug, email, address_id, click_and_collect_option, is_private) values
  ('6f1c0b52-3f5e-4a60-9a1d-000000000001', 'Main warehouse', 'main-warehouse', '', 1, 'disabled', true),
  ('6f1c0b52-3f5e-4a60-9a1d-000000000002', 'Store room', 'store-room', '', 2, 'local', false);
-- Sold out: nothing there (n % 9 = 0), or all of it allocated (n % 9 = 1).
insert into warehouse_stock (product_variant_id, warehouse_id, quantity, quantity_allocated)
select v.id, w.id, quantity, case n % 9 when 0 then 0 when 1 then quantity else n % 4 end
from product_productvariant v
join item on n = v.product_id
join warehouse_warehouse w on w.slug = 'main-warehouse' or v.id % 3 = 0
cross join lateral (select case when n % 9 = 0 then 0 else 5 + n % 40 end as quantity) q
order by v.id, w.id;

insert into django_site (id, domain, name) values (1, 'api.demo-shop.example', 'Demo shop');
insert into django_migrations (app, name, applied) values
  ('channel', '0027_channel_allow_legacy_gift_card_use', '2026-06-20 10:00Z'),
  ('product', '0205_merge_20260615_1308', '2026-06-20 10:00Z'),
  ('page', '0035_page_page_slug_btree_idx', '2026-06-20 10:00Z'),
  ('attribute', '0058_alter_attribute_type', '2026-06-20 10:00Z'),
  ('warehouse', '0035_alter_warehouse_metadata_and_more', '2026-06-20 10:00Z'),
  ('site', '0052_sitesettings_allow_storefront_traffic', '2026-06-20 10:00Z');

-- The numbers given above must not be given again by an identity column.
do $$
declare t text;
begin
  for t in select table_name from information_schema.columns
    where table_schema = current_schema and column_name = 'id' and is_identity = 'YES'
  loop
    execute format('select setval(pg_get_serial_sequence(%L, ''id''), coalesce(max(id), 0) + 1, false) from %I', t, t);
  end loop;
end $$;

commit;
