import { createPrivateKey, type KeyObject } from 'node:crypto';

/** Reads a file as text; throws as node:fs does. */
export type ReadText = (path: string) => string;

/**
 * The private key of a Vonage application as PEM, from PEM text (line breaks may be written as `\n`) or a
 * file. Throws an Error with a readable message that never quotes the key.
 */
export function readPrivateKey(value: string, readText: ReadText): string {
  const isPem = value.includes('-----BEGIN');
  const pem = isPem ? value.replaceAll('\\n', '\n') : readKeyFile(value, readText);
  const key = keyOf(pem);
  if (key === undefined) {
    throw new Error(
      isPem
        ? 'contains no usable private key: write it on one line, in double quotes, with \\n for each line break, or give the path of its file'
        : 'names a file that contains no usable private key',
    );
  }
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type !== 'rsa') throw new Error(`must be an RSA key, as Vonage generates it, but is of type ${type}`);
  const bits = details?.modulusLength ?? 0;
  // Tokens are RS256, for which shorter keys are not allowed (RFC 7518, 3.3).
  if (bits < 2048) throw new Error(`must have 2048 bits at least, but has ${bits}`);
  return pem;
}

function readKeyFile(path: string, readText: ReadText): string {
  // A key without its first line looks like a path, and must not be printed.
  const shown = path.length <= 200 ? JSON.stringify(path) : 'a file';
  try {
    return readText(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const why = code === 'ENOENT' ? 'does not exist' : `cannot be read (${String(code ?? 'unknown reason')})`;
    throw new Error(`names ${shown}, which ${why}`);
  }
}

function keyOf(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}
