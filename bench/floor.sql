-- The floor (channel 1 is default-channel): the rows of the benchmark's filter as a bare COPY. Nothing that compresses these rows can be faster.
copy (
  select p.slug, p.updated_at
  from product_product p
  join product_productchannellisting l on l.product_id = p.id
  where l.channel_id = 1 and l.is_published and (l.published_at is null or l.published_at <= now()) and l.visible_in_listings
    and exists (
      select 1 from product_productvariant v
      join product_productvariantchannellisting vl on vl.variant_id = v.id
      where v.product_id = p.id and vl.channel_id = 1 and vl.price_amount is not null)
    and not p.metadata @> '{"sitemap": "exclude"}'
    and p.private_metadata @> '{"pim_status": "ready"}'
    and not exists (
      select 1 from attribute_assignedproductattributevalue a
      join attribute_attributevalue v on v.id = a.value_id
      join attribute_attribute t on t.id = v.attribute_id
      where a.product_id = p.id and t.slug = 'discontinued' and v.boolean)
  order by p.id
) to stdout
