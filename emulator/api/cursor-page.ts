import type { Request } from 'express';
import { z } from 'zod';

/** The query of the lists of Vonage's newer APIs. */
export const cursorQuery = z.object({
  page_size: z.coerce.number().int().min(1).max(100).default(10),
  order: z
    .string()
    .toUpperCase()
    .pipe(z.enum(['ASC', 'DESC']))
    .default('ASC'),
  /** The id of the last one of the page before. */
  cursor: z.string().optional(),
});

/** The part of a list, oldest first, that a query asks for, and the links to the others, as HAL. */
export function cursorPage<T extends { id: string }>(
  request: Request,
  items: readonly T[],
  { page_size: size, order, cursor }: z.infer<typeof cursorQuery>,
) {
  const ordered = order === 'DESC' ? items.toReversed() : items;
  const start = ordered.findIndex(({ id }) => id === cursor) + 1;
  const page = ordered.slice(start, start + size);
  const hasMore = start + page.length < ordered.length;
  return {
    page,
    links: {
      first: { href: addressWith(request, undefined) },
      self: { href: addressWith(request, cursor) },
      ...(hasMore && { next: { href: addressWith(request, page.at(-1)?.id) } }),
    },
  };
}

/** The platform's own address, as it was asked. */
export function baseOf(request: Request): string {
  return `${request.protocol}://${request.get('host')}`;
}

/** The address that was asked, with another cursor. */
function addressWith(request: Request, cursor: string | undefined): string {
  const address = new URL(request.originalUrl, baseOf(request));
  if (cursor === undefined) address.searchParams.delete('cursor');
  else address.searchParams.set('cursor', cursor);
  return address.href;
}
