import { chmod, chown, mkdir, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';

interface Parts {
  readonly path: string;
  /** Who may tell us something: the user that carries the traffic. Undefined: ourselves. */
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
  readonly onEvent: (text: string) => void;
}

/** Takes in what the proxy tells over a stream of messages, each after its length (RFC 6587, octet counting). */
export class EventServer {
  readonly #parts: Parts;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Listens; does nothing when it does already. */
  async open(): Promise<void> {
    if (this.#server !== undefined) return;
    const { path, owner, onEvent } = this.#parts;
    await mkdir(dirname(path), { recursive: true, mode: 0o711 });
    // What an earlier daemon left keeps nobody from listening: one daemon runs per home.
    await rm(path, { force: true });
    const server = createServer((socket) => {
      this.#sockets.add(socket);
      const messages = new Messages(onEvent);
      socket.on('data', (chunk: Buffer) => messages.take(chunk));
      // The proxy connects again by itself.
      socket.on('error', () => socket.destroy());
      socket.on('close', () => this.#sockets.delete(socket));
    });
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, resolve);
    });
    server.unref();
    await chmod(path, 0o600);
    if (owner !== undefined) await chown(path, owner.uid, owner.gid);
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const socket of this.#sockets) socket.destroy();
    if (server !== undefined) await new Promise((resolve) => server.close(resolve));
  }
}

/** A length that is no number, or one beyond every line of the proxy, means that we lost our place. */
const longest = 4096;

/** Cuts a stream into messages: `LENGTH SPACE TEXT`, one after the other. */
export class Messages {
  readonly #onMessage: (text: string) => void;
  #rest = '';

  constructor(onMessage: (text: string) => void) {
    this.#onMessage = onMessage;
  }

  take(chunk: Buffer): void {
    // Every byte is one character, so that lengths in bytes are lengths in characters.
    const text = this.#rest + chunk.toString('latin1');
    let at = 0;
    for (;;) {
      const space = text.indexOf(' ', at);
      if (space < 0) break;
      const length = Number(text.slice(at, space));
      if (!Number.isInteger(length) || length < 0 || length > longest) {
        this.#rest = '';
        return;
      }
      if (space + 1 + length > text.length) break;
      this.#onMessage(text.slice(space + 1, space + 1 + length));
      at = space + 1 + length;
    }
    this.#rest = text.length - at > longest + 8 ? '' : text.slice(at);
  }
}
