// What the tests use of React Router 5, which has no types of its own.
declare module 'react-router-5' {
  export function matchPath(
    path: string,
    options: { readonly path: string; readonly exact?: boolean },
  ): { readonly params: Readonly<Record<string, string | undefined>> } | null
}
