import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { type RequestHandler, Router } from 'express';
import helmet from 'helmet';
import type { Context } from '../context.ts';
import { HttpError, onlyMethods } from './errors.ts';

/** The agent page, also at `/`. */
const AGENT_PAGE = 'client_js.html';

/** Serves the built pages with security headers. */
export function pageRoutes({ access, config, pagesDir }: Context): Router {
  // Strict, so that a page with a trailing slash is not found.
  const router = Router({ strict: true });
  router.use(pageHeaders(access.sdk.apiUrl, config.publicUrl));
  router.use(preferCompressed(pagesDir));
  router.use(
    express.static(pagesDir, {
      index: AGENT_PAGE,
      redirect: false,
      setHeaders(response, path) {
        // Vite puts a content hash into the name of every asset.
        const forever = path.startsWith(join(pagesDir, 'assets/'));
        response.setHeader('Cache-Control', forever ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    }),
  );
  // Browsers request it if a page names no icon, and report a missing one as an error.
  router.get('/favicon.ico', (_request, response) => void response.status(204).end());
  router.get(['/', `/${AGENT_PAGE}`], () => {
    throw new HttpError(
      503,
      'internal',
      existsSync(pagesDir)
        ? `The built pages contain no ${AGENT_PAGE}. Run: npm run build`
        : 'The pages are not built. Run: npm run build',
    );
  });
  router.all(['/', `/${AGENT_PAGE}`], onlyMethods('GET', 'HEAD'));
  return router;
}

/** Serves the compressed copy that the build made, if the browser accepts it. */
function preferCompressed(pagesDir: string): RequestHandler {
  return (request, response, next) => {
    const file = request.path === '/' ? `/${AGENT_PAGE}` : request.path;
    const type = /^(?:\/[\w-][\w.-]*)+\.(js|css|html|svg|txt)$/.exec(file)?.[1];
    if (type === undefined || (request.method !== 'GET' && request.method !== 'HEAD')) return next();
    response.vary('Accept-Encoding');
    const encoding = request.acceptsEncodings(['br', 'gzip', 'identity']);
    const ending = encoding === 'br' ? '.br' : encoding === 'gzip' ? '.gz' : undefined;
    if (ending === undefined || !existsSync(join(pagesDir, file + ending))) return next();
    response.type(type);
    response.setHeader('Content-Encoding', encoding || 'identity');
    request.url = file + ending;
    next();
  };
}

/** `platformUrl`: where the Client SDK connects if not to Vonage. */
function pageHeaders(platformUrl: string | undefined, publicUrl: string | undefined): RequestHandler[] {
  // The hosts of the Client SDK 2.3: api-us.vonage.com, ws-us.vonage.com and similar.
  const platform =
    platformUrl === undefined
      ? ['https://*.vonage.com', 'wss://*.vonage.com']
      : [new URL(platformUrl).origin, new URL(platformUrl).origin.replace(/^http/, 'ws')];
  return [
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          'default-src': ["'none'"],
          'script-src': ["'self'"],
          'style-src': ["'self'"],
          'img-src': ["'self'", 'data:'],
          'font-src': ["'self'", 'data:'],
          'media-src': ["'self'", 'data:', 'blob:'],
          'worker-src': ["'self'"],
          'manifest-src': ["'self'"],
          'connect-src': ["'self'", ...platform],
          'base-uri': ["'none'"],
          'form-action': ["'none'"],
          'frame-ancestors': ["'none'"],
        },
      },
      xFrameOptions: { action: 'deny' },
      strictTransportSecurity: publicUrl?.startsWith('https:') ? { includeSubDomains: false } : false,
    }),
    (_request, response, next) => {
      response.setHeader(
        'Permissions-Policy',
        'microphone=(self), autoplay=(self), speaker-selection=(self), camera=(), geolocation=(), display-capture=()',
      );
      next();
    },
  ];
}
