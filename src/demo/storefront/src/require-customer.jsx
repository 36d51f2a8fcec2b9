import { Navigate, Outlet, useRouteLoaderData } from 'react-router'
import { paths } from './paths'

export function RequireCustomer() {
  const customer = useRouteLoaderData('customer')
  return customer ? <Outlet /> : <Navigate to={paths.login} replace />
}
