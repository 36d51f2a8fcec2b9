import { Link, Outlet } from 'react-router'
import { paths } from './paths'

export function Layout() {
  return (
    <>
      <header>
        <Link to={paths.home}>Demo shop</Link>
      </header>
      <Outlet />
    </>
  )
}
