import { StringDecoder } from 'node:string_decoder';

const keptBytes = 64 * 1024;
const longestLine = 16 * 1024;

/** The last 64 KiB of a stream of output; passes complete lines on as they come. */
export class Tail {
  readonly #onLine: ((line: string) => void) | undefined;
  readonly #decoder = new StringDecoder('utf8');
  #kept = Buffer.alloc(0);
  #line = '';

  constructor(onLine?: (line: string) => void) {
    this.#onLine = onLine;
  }

  add(chunk: Buffer): void {
    this.#kept = Buffer.concat([this.#kept, chunk]).subarray(-keptBytes);
    if (this.#onLine === undefined) return;
    const lines = (this.#line + this.#decoder.write(chunk)).split('\n');
    this.#line = (lines.pop() ?? '').slice(0, longestLine);
    for (const line of lines) this.#onLine(line.slice(0, longestLine));
  }

  /** What was kept, as text; ends the line under way. */
  text(): string {
    if (this.#line !== '') this.#onLine?.(this.#line);
    this.#line = '';
    return this.#kept.toString('utf8');
  }
}
