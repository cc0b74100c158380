import { resolve } from 'node:path';
import express from 'express';
import helmet from 'helmet';

const BUILT = resolve(import.meta.dirname, '../dist');

/** The emulator's own pages, the phone at `/` and the inspector, as Vite built them. */
export function pagesRouter(): express.Router {
  const router = express.Router();
  router.use(headers, (_request, response, next) => {
    response.setHeader('Permissions-Policy', 'microphone=(self), autoplay=(self), camera=(), geolocation=()');
    next();
  });
  router.use('/inspector', express.static(`${BUILT}/inspector`));
  router.use(express.static(`${BUILT}/phone`));
  return router;
}

/** A page takes nothing from elsewhere, and nobody shows it in a frame. */
const headers = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      'default-src': ["'none'"],
      'script-src': ["'self'"],
      'style-src': ["'self'"],
      'img-src': ["'self'"],
      'media-src': ["'self'"],
      'connect-src': ["'self'"],
      'base-uri': ["'none'"],
      'form-action': ["'none'"],
      'frame-ancestors': ["'none'"],
    },
  },
  xFrameOptions: { action: 'deny' },
  // The emulator speaks plain http.
  strictTransportSecurity: false,
});
