import { connect, type Socket } from 'node:net';

interface Parts {
  readonly statsSocket: string;
  readonly onLine: (line: string) => void;
  /** The connection is over: the worker ended, or told nothing for an hour. */
  readonly onEnd: () => void;
}

/**
 * Reads what one worker tells, from the oldest that it still has, line by line. A worker that stops is kept from its
 * end by this connection, so that nobody misses its last words; who holds it must let go.
 */
export class EventTail {
  readonly #socket: Socket;
  readonly #onLine: (line: string) => void;
  #rest = '';
  #pid: number | undefined;

  constructor({ statsSocket, onLine, onEnd }: Parts) {
    this.#onLine = onLine;
    this.#socket = connect(statsSocket);
    this.#socket.setEncoding('latin1');
    this.#socket.on('data', (text: string) => this.#take(text));
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

  close(): void {
    this.#socket.removeAllListeners('close');
    this.#socket.destroy();
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      if (this.#pid !== undefined) this.#onLine(line);
      else if (line.startsWith('Pid: ')) this.#pid = Number(line.slice(5));
    }
  }
}
