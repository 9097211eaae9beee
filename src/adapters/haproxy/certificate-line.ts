import { fail, reasonOf } from '#core/errors.ts';
import type { PreparedCertificate } from './certificates.ts';
import type { WorkerLine } from './worker-line.ts';

/**
 * Puts certificates into service through the runtime socket: new connections get them at once, kept ones go on. Which
 * ones a worker has is remembered; of a worker that an earlier daemon left nothing is known, and all are given again.
 */
export class CertificateLine {
  readonly #line: WorkerLine;
  #worker: number | undefined;
  readonly #has = new Map<string, string>();

  constructor(line: WorkerLine) {
    this.#line = line;
  }

  /** A worker has just read these from their files. */
  async loaded(certificates: readonly PreparedCertificate[]): Promise<void> {
    this.#worker = await this.#line.current();
    this.#has.clear();
    for (const one of certificates) this.#has.set(one.file, one.digest);
  }

  /** @throws PROXY_COMMAND_REFUSED when the worker does not take one; it then goes on with what it had */
  async push(certificates: readonly PreparedCertificate[]): Promise<void> {
    const worker = await this.#line.current();
    if (worker === undefined) throw fail('PROXY_INTERNAL', { detail: 'no worker serves' });
    if (worker !== this.#worker) this.#has.clear();
    this.#worker = worker;
    for (const one of certificates) {
      if (this.#has.get(one.file) === one.digest) continue;
      await this.#swap(worker, one);
      this.#has.set(one.file, one.digest);
    }
  }

  /** Two commands make one change (management guide, "set ssl cert" and "commit ssl cert"). */
  async #swap(worker: number, { file, pem }: PreparedCertificate): Promise<void> {
    const set = await this.#set(worker, file, pem);
    const committed = await this.#line.ask(worker, `commit ssl cert ${file}`);
    if (/^Success!/m.test(committed)) return;
    await this.#line.ask(worker, `abort ssl cert ${file}`).catch(reasonOf);
    // Never the payload: it holds the key.
    throw fail('PROXY_COMMAND_REFUSED', { command: `set ssl cert ${file}`, answer: `${set}${committed}`.trim() });
  }

  /** A worker has one change under way; a daemon that died between the two commands leaves it open for its own file. */
  async #set(worker: number, file: string, pem: string): Promise<string> {
    const command = `set ssl cert ${file} <<\n${pem}`;
    const answer = await this.#line.ask(worker, command);
    // Which file it took the payload for: HAProxy 2.6 takes it for the one of the open change, whatever it was told.
    const open = /^Transaction \w+ for certificate (.+)!$/m.exec(answer)?.[1];
    if (open === undefined || open === file) return answer;
    await this.#line.ask(worker, `abort ssl cert ${open}`);
    return this.#line.ask(worker, command);
  }
}
