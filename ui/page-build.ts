/**
 * How Vite builds a page.
 * @param root where the page's HTML is
 * @param outDir where it is built to, seen from there
 */
export function pageBuild(root: string, outDir: string) {
  return {
    root,
    base: './',
    publicDir: false,
    build: {
      outDir,
      emptyOutDir: true,
      license: { fileName: 'licenses.txt' },
      target: 'es2024',
      // Every browser that runs the target preloads modules by itself.
      modulePreload: { polyfill: false },
      // Inlined files would be `data:` addresses, which the pages' security policy forbids.
      assetsInlineLimit: 0,
    },
  } as const;
}
