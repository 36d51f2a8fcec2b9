import { lazy } from 'react'
import { createBrowserRouter, Navigate } from 'react-router'
import { Layout } from './layout'
import { paths } from './paths'
import { RequireCustomer } from './require-customer'

const Home = lazy(() => import('./pages/home'))
const About = lazy(() => import('./pages/about'))
const Stores = lazy(() => import('./pages/stores'))
const Contact = lazy(() => import('./pages/contact'))
const Product = lazy(() => import('./pages/product'))
const Listing = lazy(() => import('./pages/listing'))
const Page = lazy(() => import('./pages/page'))
const Cart = lazy(() => import('./pages/cart'))
const Checkout = lazy(() => import('./pages/checkout'))
const Login = lazy(() => import('./pages/login'))
const Account = lazy(() => import('./pages/account'))
const Orders = lazy(() => import('./pages/orders'))
const Order = lazy(() => import('./pages/order'))
const NotFound = lazy(() => import('./pages/not-found'))

export const router = createBrowserRouter([
  {
    element: <Layout />,
    children: [
      { path: paths.home, element: <Home /> },
      { path: paths.about, element: <About /> },
      { path: paths.stores, element: <Stores /> },
      { path: '/shops', element: <Navigate to={paths.stores} replace /> },
      { path: paths.contact, element: <Contact /> },
      { path: paths.product(':slug'), element: <Product /> },
      { path: paths.category(':slug'), element: <Listing /> },
      { path: paths.collection(':slug'), element: <Listing /> },
      { path: paths.page(':slug'), element: <Page /> },
      { path: paths.cart, element: <Cart /> },
      { path: paths.checkout, element: <Checkout /> },
      { path: paths.login, element: <Login /> },
      {
        element: <RequireCustomer />,
        children: [
          { path: paths.account, element: <Account /> },
          { path: paths.orders, element: <Orders /> },
          { path: paths.order(':id'), element: <Order /> },
        ],
      },
      { path: '*', element: <NotFound /> },
    ],
  },
])
