// The demo shop's configuration, written out as the user of a shop would have it.

/** YAML, so that it reads like the documentation; the repositories are folders beside it. */
export const demoConfiguration = (schedule: string): string => `# Which pages of the demo shop should be found.
site: https://shop.example.com
source:
  saleor:
    database: \${DATABASE_URL}
    channel: default-channel
sections:
  products:
    of: products
    url: /products/{slug}
    where:
      listing.visibleInListings: true       # shown in the shop's lists,
      privateMetadata.pim_status: ready     # ready, says a field no API can filter on,
      NOT:
        metadata.sitemap: exclude           # and nobody took it out by hand
  categories: { of: categories, url: '/categories/{slug}', where: { visibleProducts: { gte: 1 } } }
  collections: { of: collections, url: '/collections/{slug}' }
  pages: { of: pages, url: '/pages/{slug}' }
  static:
    of: routes                              # the front end's own router says which pages there are
    router: { git: { repo: ./acme/storefront, ref: main, path: src/routes.jsx } }
    exclude: [/cart, /checkout, /login]
schedule: '${schedule}'
publish:
  - git: { repo: ./acme/sitemap.git, branch: master }
`
