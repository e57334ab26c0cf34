/** Servers on loopback that a test decides everything about, and certificates of every kind. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

/** A listener that counts who comes, and keeps every byte that it was sent. */
export interface Listener {
  readonly port: number;
  /** `127.0.0.1:port` */
  readonly host: string;
  readonly connections: () => number;
  readonly heard: () => string;
  close(): Promise<void>;
}

export const listen = (onData: (socket: Socket) => void = () => undefined): Promise<Listener> =>
  opened(createServer(), 'connection', onData);

export const listenTls = (options: TlsOptions, onData: (socket: Socket) => void): Promise<Listener> =>
  opened(
    createTlsServer(options).on('tlsClientError', () => undefined),
    'secureConnection',
    onData,
  );

async function opened(server: Server, event: string, onData: (socket: Socket) => void): Promise<Listener> {
  const sockets = new Set<Socket>();
  let [connections, heard] = [0, ''];
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)));
  });
  server.on(event, (socket: Socket) => {
    let answered = false;
    socket
      .on('error', () => undefined)
      .on('data', (data) => {
        heard += data.toString('latin1');
        if (!answered) onData(socket);
        answered = true;
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    host: `127.0.0.1:${port}`,
    connections: () => connections,
    heard: () => heard,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** A self-signed certificate. @param until as `YYMMDDHHMMSSZ`: its last moment */
export function certificate(names: string, until = '491231235959Z'): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-certificate-'));
  const at = (name: string): string => join(folder, name);
  const openssl = (...args: readonly string[]): void => void execFileSync('openssl', args, { stdio: 'ignore' });
  try {
    for (const [name, text] of [
      ['index.txt', ''],
      ['serial', '01\n'],
      ['settings', settings(folder, names)],
    ] as const) {
      writeFileSync(at(name), text);
    }
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    openssl('req', '-new', ...curve, '-keyout', at('key'), '-out', at('request'), '-subj', '/CN=test');
    const dates = ['-startdate', '200101000000Z', '-enddate', until];
    openssl(
      'ca',
      '-batch',
      '-notext',
      '-selfsign',
      '-config',
      at('settings'),
      '-in',
      at('request'),
      '-keyfile',
      at('key'),
      ...dates,
      '-out',
      at('cert'),
    );
    return { key: readFileSync(at('key'), 'utf8'), cert: readFileSync(at('cert'), 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const settings = (folder: string, names: string): string => `[ca]
default_ca = here
[here]
database = ${folder}/index.txt
serial = ${folder}/serial
new_certs_dir = ${folder}
default_md = sha256
policy = any
x509_extensions = names
[any]
commonName = supplied
[names]
subjectAltName = ${names}
basicConstraints = CA:TRUE
`;
