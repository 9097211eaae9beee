import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { until } from './until.ts';

/** A real redis-server of this machine on a loopback port of its own; it can be stopped and started again. */
export class RedisLocal {
  readonly port: number;
  readonly #folder: string;
  readonly #password: string | undefined;
  #process: ChildProcess | undefined;

  private constructor(port: number, folder: string, password: string | undefined) {
    this.port = port;
    this.#folder = folder;
    this.#password = password;
  }

  static async start(password?: string): Promise<RedisLocal> {
    const folder = await mkdtemp(join(tmpdir(), 'documentos-redis-'));
    const redis = new RedisLocal(await freePort(), folder, password);
    await redis.up();
    return redis;
  }

  async up(): Promise<void> {
    const secret = this.#password === undefined ? [] : ['--requirepass', this.#password];
    const place = ['--bind', '127.0.0.1', '--port', String(this.port), '--dir', this.#folder, '--save', ''];
    this.#process = spawn('redis-server', [...place, ...secret], { stdio: 'ignore' });
    await until('redis-server answers', () => this.run((redis) => redis.ping()).catch(() => false));
  }

  /** Ends the server as a crash would. */
  async down(): Promise<void> {
    const running = this.#process;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const ended = once(running, 'exit');
    running.kill('SIGKILL');
    await ended;
  }

  /** Leaves it running but deaf, as a machine that swaps or a network that drops packets would. */
  freeze(): void {
    this.#process?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process?.kill('SIGCONT');
  }

  /** Runs commands over a connection of the test's own. */
  async run<T>(commands: (redis: Redis) => Promise<T>): Promise<T> {
    const options = { host: '127.0.0.1', port: this.port, lazyConnect: true, retryStrategy: () => null };
    const redis = new Redis(this.#password === undefined ? options : { ...options, password: this.#password });
    redis.on('error', () => {});
    try {
      await redis.connect();
      return await commands(redis);
    } finally {
      redis.disconnect();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.down();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** A loopback port that nobody listened on a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
