import { Pool } from 'undici';

/** One or more base URLs that take requests in turn, over kept connections. */
export class Target {
  readonly #pools: readonly Pool[];
  readonly #headers: Readonly<Record<string, string>>;
  #turn = 0;

  /** `host` is the name that a proxy routes by, where the URL holds an address. */
  constructor(urls: readonly string[], host: string | undefined) {
    const connect = { rejectUnauthorized: false, ...(host ? { servername: host } : {}) };
    this.#pools = urls.map((url) => new Pool(url, { connections: 128, connect }));
    this.#headers = host ? { host } : {};
  }

  /** Reads one answer whole. A request without an answer has status 0. */
  async get(path: string): Promise<{ readonly status: number; readonly bytes: number }> {
    const pool = this.#pools[this.#turn++ % this.#pools.length];
    if (!pool) throw new Error('no address to ask');
    try {
      const { statusCode, body } = await pool.request({ path, method: 'GET', headers: this.#headers });
      return { status: statusCode, bytes: (await body.arrayBuffer()).byteLength };
    } catch {
      return { status: 0, bytes: 0 };
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#pools.map((pool) => pool.close()));
  }
}
