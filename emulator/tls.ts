import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { createServer, isIP, type Server as NetServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';

/** How the platform speaks https. */
export interface TlsOptions {
  /** Where the certificate of its authority is written; default: a folder of its own, which goes with the platform. */
  authority?: string;
}

/** A certificate for the platform, and the authority that vouches for it. */
export interface Certificate {
  /** PEM. */
  key: string;
  cert: string;
  /** The file with the authority's certificate: programs that trust it speak https to the platform. */
  authority: string;
  /** Removes what was made for this platform alone. */
  remove(): Promise<void>;
}

const DAY = 24 * 60 * 60 * 1000;
const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/**
 * Makes an authority and a certificate of it for `host` and this machine's own names. The authority's key is thrown
 * away: it vouches for nothing else. Rejects with words when its certificate cannot be written.
 */
export async function createCertificate(host: string, { authority }: TlsOptions): Promise<Certificate> {
  const { cert, key, authorityCert } = await makeCertificates(host);
  const folder = authority === undefined ? await mkdtemp(join(tmpdir(), 'vonage-emulator-')) : undefined;
  const file = authority ?? join(folder ?? '', 'authority.pem');
  try {
    await writeFile(file, authorityCert);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new Error(`The certificate cannot be written to ${file} (${code}). ${adviceFor(code, file)}`);
  }
  return {
    key,
    cert,
    authority: file,
    remove: async () => {
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

function adviceFor(code: string, file: string): string {
  switch (code) {
    case 'EISDIR':
      return `That is a folder: name a file in it, such as ${join(file, 'authority.pem')}.`;
    case 'ENOENT':
    case 'ENOTDIR':
      return `There is no folder ${dirname(file)}: create it, or name a file in another one.`;
    default:
      return 'Name a file that you may write to.';
  }
}

async function makeCertificates(host: string) {
  // The library needs a polyfill of its own; both are loaded only where https is asked for.
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  const makeKeys = () => crypto.subtle.generateKey(EC, true, ['sign', 'verify']);
  const [own, root] = await Promise.all([makeKeys(), makeKeys()]);
  const validity = { notBefore: new Date(Date.now() - DAY), notAfter: new Date(Date.now() + 365 * DAY) };
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=Vonage emulator on this machine',
    keys: root,
    signingAlgorithm: EC,
    ...validity,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(root.publicKey),
    ],
  });
  const names = [...new Set(['localhost', '127.0.0.1', '::1', host])];
  const certificate = await x509.X509CertificateGenerator.create({
    subject: 'CN=Vonage emulator',
    issuer: authority.subject,
    publicKey: own.publicKey,
    signingKey: root.privateKey,
    signingAlgorithm: EC,
    ...validity,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) ? ('ip' as const) : ('dns' as const), value })),
      ),
      await x509.SubjectKeyIdentifierExtension.create(own.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(root.publicKey),
    ],
  });
  const key = Buffer.from(await crypto.subtle.exportKey('pkcs8', own.privateKey)).toString('base64');
  return {
    cert: certificate.toString('pem'),
    key: `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n`,
    authorityCert: `${authority.toString('pem')}\n`,
  };
}

/** First byte of a TLS connection (RFC 8446, 5.1: a handshake record); HTTP/1.1 begins with a letter. */
const TLS_HANDSHAKE = 22;

/**
 * A server in front of `http` that takes https, too, on the same port: the platform's own pages need no certificate on
 * this machine, and some of Vonage's SDKs speak nothing but https.
 */
export function alsoHttps(http: Server, { key, cert }: Pick<Certificate, 'key' | 'cert'>): NetServer {
  const https = createTlsServer({ key, cert }, (socket) => http.emit('connection', socket));
  // A program that does not trust the authority hangs up; it knows why.
  https.on('tlsClientError', (_error, socket) => socket.destroy());
  return createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', (first) => {
      socket.pause();
      socket.unshift(first);
      (first[0] === TLS_HANDSHAKE ? https : http).emit('connection', socket);
      process.nextTick(() => socket.resume());
    });
  });
}
