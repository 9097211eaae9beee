import type { WorkerLine } from './worker-line.ts';

/** Tokens of authorities and the answers to them: in the map that the proxy reads when it starts, and in its memory. */
export class Challenges {
  readonly #answers = new Map<string, string>();
  readonly #line: WorkerLine;
  readonly #map: string;

  constructor(line: WorkerLine, map: string) {
    this.#line = line;
    this.#map = map;
  }

  /** The map's text. */
  get text(): string {
    return [...this.#answers].map(([token, answer]) => `${token} ${answer}\n`).join('');
  }

  /** @throws PROXY_COMMAND_REFUSED when the serving worker has no such map: no route asks for it yet */
  async set(token: string, answer: string): Promise<void> {
    this.#answers.set(token, answer);
    const worker = await this.#line.current();
    if (worker !== undefined) await this.#line.order(worker, `add map ${this.#map} ${token} ${answer}`);
  }

  async forget(token: string): Promise<void> {
    if (!this.#answers.delete(token)) return;
    const worker = await this.#line.current();
    // A worker that came after the answer was gone does not have it.
    if (worker !== undefined) await this.#line.ask(worker, `del map ${this.#map} ${token}`);
  }
}
