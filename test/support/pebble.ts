import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issue } from './certificates.ts';
import { until } from './until.ts';

/** A certificate authority of the machine's own, with a DNS of its own in which every name is 127.0.0.1. */
export interface Pebble extends AsyncDisposable {
  readonly directory: string;
  /** File of the root that its HTTPS is verified by. */
  readonly ca: string;
  /** Address of the DNS server's own interface: POST /set-txt, /clear-txt, /add-a, ... */
  readonly dnsControl: string;
  /** What it wrote: one line for each request. */
  log(): string;
  /** Orders that were placed so far. */
  orders(): number;
}

interface Options {
  /** Where it looks for answers to http-01: the edge's HTTP port. */
  readonly httpPort: number;
  /** Lifetime of what it issues, seconds. */
  readonly validSeconds?: number;
}

/** Starts Debian's `pebble` and `pebble-challtestsrv` on free ports of 127.0.0.1. Use with `await using`. */
export async function startPebble({ httpPort, validSeconds = 90 * 86_400 }: Options): Promise<Pebble> {
  const folder = mkdtempSync(join(tmpdir(), 'timonel-pebble-'));
  const [port, management, dns, control] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const { certificate, key } = await issue(['localhost'], { organisation: 'Pebble' });
  const files = { certificate: join(folder, 'own.pem'), privateKey: join(folder, 'own.key') };
  writeFileSync(files.certificate, certificate);
  writeFileSync(files.privateKey, key);
  const config = join(folder, 'config.json');
  const settings = {
    ...{ listenAddress: `127.0.0.1:${port}`, managementListenAddress: `127.0.0.1:${management}`, ...files },
    ...{ httpPort, tlsPort: httpPort, certificateValidityPeriod: validSeconds },
  };
  writeFileSync(config, JSON.stringify({ pebble: settings }));
  const children: ChildProcess[] = [];
  const lines: string[] = [];
  const start = (program: string, args: readonly string[]) => {
    const env = { PEBBLE_VA_NOSLEEP: '1', PEBBLE_AUTHZREUSE: '0', PATH: process.env.PATH ?? '' };
    const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => lines.push(text));
    }
    child.on('error', (error) => lines.push(error.message));
    children.push(child);
  };
  start('pebble-challtestsrv', [
    ...['-dns01', `127.0.0.1:${dns}`, '-management', `127.0.0.1:${control}`, '-defaultIPv6', ''],
    ...['-http01', '', '-https01', '', '-tlsalpn01', ''],
  ]);
  start('pebble', ['-config', config, '-strict=true', '-dnsserver', `127.0.0.1:${dns}`]);
  const log = () => lines.join('');
  const pebble: Pebble = {
    ...{ directory: `https://localhost:${port}/dir`, ca: files.certificate, dnsControl: `http://127.0.0.1:${control}` },
    log,
    orders: () => [...log().matchAll(/POST \/order-plz/g)].length,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(children.map(end));
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    await until('pebble to listen', async () => (/Listening on/.test(log()) ? true : undefined));
    await until('its DNS to listen', async () => ((await answers(`${pebble.dnsControl}/`)) ? true : undefined));
    return pebble;
  } catch (error) {
    await pebble[Symbol.asyncDispose]();
    throw new Error(`pebble did not start: ${log()}`, { cause: error });
  }
}

/** The Compose lines that make a project order from it. */
export function acmeLines({ directory, ca }: Pebble, more: readonly string[] = []): string {
  return [
    'x-timonel:',
    '  acme:',
    `    directory: ${directory}`,
    `    ca: ${ca}`,
    ...more.map((line) => `    ${line}`),
  ].join('\n');
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
