/** How often a test does what it repeats: enough to notice in `npm test`, far more in `npm run soak`. */
export function rounds({ usual, soak }: { usual: number; soak: number }): number {
  return process.env.MODE === 'soak' ? soak : usual;
}
