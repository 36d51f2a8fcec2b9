-- A role for Storemap that can read what it needs, and nothing else. Run it once, as an owner of the shop's database:
--
--   psql "$OWNER_URL" -v password="$(openssl rand -hex 24)" -f read-only-role.sql
--
-- With -v role=NAME it has another name than storemap. Run it again after an update of Storemap or Saleor: it changes
-- nothing that is there already, the password included.
\set ON_ERROR_STOP on
\if :{?role}
\else
  \set role storemap
\endif
\if :{?password}
\else
  \warn 'Give it a password: -v password=…  Nothing was changed.'
  \quit
\endif

SELECT format('CREATE ROLE %I LOGIN PASSWORD %L', :'role', :'password')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \gexec

SELECT format('ALTER ROLE %I SET default_transaction_read_only = on', :'role') \gexec
SELECT format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), :'role') \gexec
SELECT format('GRANT USAGE ON SCHEMA public TO %I', :'role') \gexec

-- Only tables that this version of Saleor has.
SELECT format('GRANT SELECT ON public.%I TO %I', tablename, :'role')
FROM pg_tables
WHERE schemaname = 'public' AND tablename IN (
  'django_migrations',
  'channel_channel', 'product_product', 'product_productchannellisting', 'product_productvariant',
  'product_productvariantchannellisting', 'product_category', 'product_collection',
  'product_collectionchannellisting', 'product_collectionproduct', 'page_page',
  'product_producttype', 'page_pagetype', 'product_productmedia', 'warehouse_stock', 'warehouse_warehouse',
  'attribute_attribute', 'attribute_attributevalue', 'attribute_attributevaluetranslation',
  'attribute_attributeproduct', 'attribute_assignedproductattribute', 'attribute_assignedproductattributevalue',
  'attribute_attributepage', 'attribute_assignedpageattribute', 'attribute_assignedpageattributevalue',
  'attribute_attributevariant', 'attribute_assignedvariantattribute', 'attribute_assignedvariantattributevalue',
  'product_producttranslation', 'product_categorytranslation', 'product_collectiontranslation', 'page_pagetranslation'
) \gexec
