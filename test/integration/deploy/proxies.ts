import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Program, startCommand } from '../../support/program.ts';

const DEPLOY = resolve(import.meta.dirname, '../../../deploy');

interface Places {
  /** Empty folder for its files. */
  folder: string;
  /** The port to listen on. */
  port: number;
  /** The ports of the two servers. */
  servers: readonly [number, number];
  /** PEM. */
  certificate: { cert: string; key: string };
}

interface Proxy {
  name: string;
  isInstalled: boolean;
  /** Starts it with the configuration of `deploy/`, in which only addresses and paths are those of the test. */
  start(places: Places): Program;
}

const isInstalled = (command: string, arg: string) => spawnSync(command, [arg]).status === 0;

/** A configuration of `deploy/` with other addresses and paths. Each of them must be in it. */
function configured(file: string, { folder, servers }: Places, others: Record<string, string>): string {
  const changes = {
    ...others,
    'server-1:3000': `127.0.0.1:${servers[0]}`,
    'server-2:3000': `127.0.0.1:${servers[1]}`,
  };
  let text = readFileSync(join(DEPLOY, file), 'utf8');
  for (const [from, to] of Object.entries(changes)) {
    if (!text.includes(from)) throw new Error(`deploy/${file} does not contain ${from}.`);
    text = text.replaceAll(from, to);
  }
  return written(folder, file, text);
}

function written(folder: string, file: string, text: string): string {
  const path = join(folder, file);
  writeFileSync(path, text);
  return path;
}

export const PROXIES: readonly Proxy[] = [
  {
    name: 'nginx',
    isInstalled: isInstalled('nginx', '-v'),
    start(places) {
      const { folder, port, certificate } = places;
      const path = configured('nginx.conf', places, {
        'listen 443': `listen 127.0.0.1:${port}`,
        'server_name calls.example.com': 'server_name localhost',
        '/etc/ssl/calls.example.com.crt': written(folder, 'cert.pem', certificate.cert),
        '/etc/ssl/calls.example.com.key': written(folder, 'key.pem', certificate.key),
      });
      const own = `daemon off; pid ${folder}/nginx.pid;`;
      return startCommand(['nginx', '-c', path, '-e', 'stderr', '-g', own]);
    },
  },
  {
    name: 'Caddy',
    isInstalled: isInstalled('caddy', 'version'),
    start(places) {
      const { folder, port, certificate } = places;
      const path = configured('Caddyfile', places, {
        // Without a certificate authority, and without the ports of this machine.
        'calls.example.com {': `{
	admin off
	auto_https disable_redirects
}
https://localhost:${port} {
	bind 127.0.0.1
	tls ${written(folder, 'cert.pem', certificate.cert)} ${written(folder, 'key.pem', certificate.key)}`,
      });
      const environment = { XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
      return startCommand(['caddy', 'run', '--adapter', 'caddyfile', '--config', path], { environment });
    },
  },
  {
    name: 'HAProxy',
    isInstalled: isInstalled('haproxy', '-v'),
    start(places) {
      const { folder, port, certificate } = places;
      const path = configured('haproxy.cfg', places, {
        'bind :443': `bind 127.0.0.1:${port}`,
        '/etc/ssl/calls.example.com.pem': written(
          folder,
          'both.pem',
          `${certificate.cert}\n${certificate.key}`,
        ),
      });
      return startCommand(['haproxy', '-db', '-f', path]);
    },
  },
];
