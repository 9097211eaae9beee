import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { framesOf } from './frames.ts';

/** One line as the engine kept it. `stamp` is its time to the nanosecond, in a form that sorts as text. */
export interface StampedLine {
  readonly stamp: string;
  readonly time: number;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

/** Longer lines come in pieces: a program that never ends a line must not fill our memory. */
const longestLine = 64 * 1024;

const stampForm = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?Z /;

/** Lines of a container's log, asked for with time stamps. */
export async function* linesOf(source: Readable, terminal: 'terminal' | 'streams'): AsyncGenerator<StampedLine> {
  const assemblers = { stdout: new Assembler('stdout'), stderr: new Assembler('stderr') };
  for await (const { stream, bytes } of framesOf(source, terminal)) yield* assemblers[stream].add(bytes);
  for (const assembler of Object.values(assemblers)) yield* assembler.end();
}

/** Puts the pieces of one stream together into lines. */
class Assembler {
  readonly #stream: StampedLine['stream'];
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';
  #stamp = '';

  constructor(stream: StampedLine['stream']) {
    this.#stream = stream;
  }

  *add(bytes: Buffer): Generator<StampedLine> {
    const parts = this.#decoder.write(bytes).split('\n');
    for (const [index, part] of parts.entries()) {
      this.#take(part);
      const isEnded = index < parts.length - 1;
      if (isEnded || this.#rest.length > longestLine) yield this.#line();
    }
  }

  *end(): Generator<StampedLine> {
    if (this.#rest !== '' || this.#stamp !== '') yield this.#line();
  }

  /** The engine stamps every piece of a long line; only the first stamp is the line's. */
  #take(piece: string): void {
    const found = stampForm.exec(piece);
    if (found === null) {
      this.#rest += piece;
      return;
    }
    if (this.#stamp === '') this.#stamp = `${found[1]}.${(found[2] ?? '').padEnd(9, '0')}`;
    this.#rest += piece.slice(found[0].length);
  }

  #line(): StampedLine {
    const stamp = this.#stamp;
    const text = this.#rest.endsWith('\r') ? this.#rest.slice(0, -1) : this.#rest;
    this.#rest = '';
    this.#stamp = '';
    return { stamp, time: timeOf(stamp), stream: this.#stream, text };
  }
}

function timeOf(stamp: string): number {
  const time = Date.parse(`${stamp.slice(0, 23)}Z`);
  return Number.isNaN(time) ? 0 : time;
}
