import { createServer, type IncomingMessage, request as openRequest, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** One call that went through. `path` is without the API version and the query. */
export interface RecordedCall {
  readonly method: string;
  readonly path: string;
}

/** `refuse`: an error of the engine; `hang`: no answer ever comes; `lose`: the engine does it, but its answer is lost. */
export type Fault = 'refuse' | 'hang' | 'lose';

/** A proxy on the engine's socket that writes down every call and can spoil one. */
export interface EngineProxy extends AsyncDisposable {
  readonly socketPath: string;
  readonly calls: RecordedCall[];
  /** Calls that change something: all but GET and HEAD. Waiting and starting an exec's output are no changes. */
  writes(): readonly RecordedCall[];
  /** Spoils every call that fits from now on, until `heal`. */
  spoil(fits: (call: RecordedCall) => boolean, fault: Fault): void;
  heal(): void;
}

/** Starts a proxy at `socketPath` to the engine at `target`. */
export async function startEngineProxy(target: string, socketPath: string): Promise<EngineProxy> {
  const calls: RecordedCall[] = [];
  const sockets = new Set<Socket>();
  let fault: { readonly fits: (call: RecordedCall) => boolean; readonly kind: Fault } | undefined;
  const take = (request: IncomingMessage): Fault | undefined => {
    const call = callOf(request);
    calls.push(call);
    return fault?.fits(call) === true ? fault.kind : undefined;
  };
  const server = createServer((request, response) => {
    const spoiled = take(request);
    if (spoiled === 'hang') return void request.resume();
    if (spoiled === 'refuse') return refuse(request, response);
    forward(target, request, response, spoiled === 'lose');
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
  });
  server.on('upgrade', (request, socket, head) => {
    if (take(request) !== undefined) return void socket.destroy();
    hijack(target, request, socket as Socket, head);
  });
  await new Promise<void>((resolve) => {
    server.listen(socketPath, resolve);
  });
  return {
    socketPath,
    calls,
    writes: () => calls.filter(isWrite),
    spoil: (fits, kind) => {
      fault = { fits, kind };
    },
    heal: () => {
      fault = undefined;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

function callOf(request: IncomingMessage): RecordedCall {
  const path = (request.url ?? '').replace(/^\/v\d+\.\d+/, '').replace(/\?.*$/, '');
  return { method: request.method ?? '', path };
}

/** A call by what it does, whatever it does it to: `POST /containers/X/start`. */
export function kindOf({ method, path }: RecordedCall): string {
  const parts = path.split('/').map((part) => (/^[a-z_]*$/.test(part) ? part : 'X'));
  return `${method} ${parts.join('/')}`;
}

function isWrite({ method, path }: RecordedCall): boolean {
  return method !== 'GET' && method !== 'HEAD' && !path.endsWith('/wait');
}

function refuse(request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  response.writeHead(500, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ message: 'spoiled by the test' }));
}

function forward(target: string, request: IncomingMessage, response: ServerResponse, loseAnswer: boolean): void {
  const onward = openRequest(
    { socketPath: target, method: request.method, path: request.url, headers: request.headers, agent: false },
    (answer) => {
      if (loseAnswer) {
        answer.resume();
        answer.on('end', () => request.socket.destroy());
        return;
      }
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.flushHeaders();
      answer.pipe(response);
      answer.on('error', () => response.destroy());
    },
  );
  onward.on('error', () => response.destroy());
  response.on('close', () => onward.destroy());
  // In one piece: an engine that has answered hangs up, and then even the end of a body is a failed write.
  buffer(request).then(
    (body) => onward.end(body),
    () => onward.destroy(),
  );
}

/** After the engine has switched protocols the two sides speak past HTTP. */
function hijack(target: string, request: IncomingMessage, socket: Socket, head: Buffer): void {
  const engine = connect(target, () => {
    const headers = request.rawHeaders.map((text, index) => (index % 2 === 0 ? `${text}: ` : `${text}\r\n`)).join('');
    engine.write(`${request.method} ${request.url} HTTP/1.1\r\n${headers}\r\n`);
    engine.write(head);
    engine.pipe(socket);
    socket.pipe(engine);
  });
  engine.on('error', () => socket.destroy());
  socket.on('error', () => engine.destroy());
}
