/** Repetitions of a test: some in `npm test`, far more in the commands that soak. */
export function rounds({ usual, soak }: { usual: number; soak: number }): number {
  return process.env.MODE === 'soak' ? soak : usual;
}
