import { connect, type Socket } from 'node:net';

interface Parts {
  readonly statsSocket: string;
  readonly onLine: (line: string) => void;
  /** The connection is over: the worker ended, or told nothing for an hour. */
  readonly onEnd: () => void;
}

/** As much as is read at once. */
const chunk = 32_768;

/** Being woken for each line costs more than the line: 5 % of all requests per second, where many are told. */
const restMs = 20;

/**
 * Reads what one worker tells, from the oldest that it still has, line by line. A worker that stops is kept from its
 * end by this connection, so that nobody misses its last words; who holds it must let go.
 */
export class EventTail {
  readonly #socket: Socket;
  readonly #onLine: (line: string) => void;
  #rest = '';
  #pid: number | undefined;
  #resting: NodeJS.Timeout | undefined;

  constructor({ statsSocket, onLine, onEnd }: Parts) {
    this.#onLine = onLine;
    const buffer = Buffer.alloc(chunk);
    const callback = (length: number) => this.#take(buffer.toString('latin1', 0, length));
    this.#socket = connect({ path: statsSocket, onread: { buffer, callback } });
    this.#socket.on('error', () => this.#socket.destroy());
    this.#socket.on('close', onEnd);
    // Which worker listens there is only certain once it said so.
    this.#socket.write('show info;show events events -w\n');
    this.#socket.unref();
  }

  /** The worker that answers; undefined before its first word. */
  get pid(): number | undefined {
    return this.#pid;
  }

  /** Something may have arrived that nobody has read yet. */
  get isResting(): boolean {
    return this.#resting !== undefined;
  }

  close(): void {
    clearTimeout(this.#resting);
    this.#socket.removeAllListeners('close');
    this.#socket.destroy();
  }

  /** Says whether to go on reading at once. */
  #take(text: string): boolean {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      if (this.#pid !== undefined) this.#onLine(line);
      else if (line.startsWith('Pid: ')) this.#pid = Number(line.slice(5));
    }
    const isAll = text.length < chunk;
    if (isAll) this.#resting = setTimeout(() => this.#goOn(), restMs).unref();
    return !isAll;
  }

  #goOn(): void {
    this.#resting = undefined;
    this.#socket.resume();
  }
}
