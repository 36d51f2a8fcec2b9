const account = '/account'

export const paths = {
  home: '/',
  about: '/about',
  stores: '/stores',
  contact: '/contact',
  product: slug => `/products/${slug}`,
  category: slug => `/categories/${slug}`,
  collection: slug => `/collections/${slug}`,
  page: slug => `/pages/${slug}`,
  cart: '/cart',
  checkout: '/checkout',
  login: '/login',
  account,
  orders: `${account}/orders`,
  order: id => `${account}/orders/${id}`,
}
