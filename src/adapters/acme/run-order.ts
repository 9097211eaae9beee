import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { FromOrder, ToOrder } from './order-words.ts';

/** Longer than any authority takes that will answer at all. */
const takesAtMostMs = 5 * 60_000;
/** A DNS record may need minutes to be seen. */
const perNameMs = 10 * 60_000;

/** What of our environment an order may see: how to reach the outside, and nothing that the daemon was given. */
const passedOn = ['PATH', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy'];

export interface OrderRun {
  readonly order: Extract<ToOrder, { readonly kind: 'order' }>;
  /** PEM file of roots that are trusted beside the machine's. */
  readonly ca: string | undefined;
  readonly arrange: (word: Extract<FromOrder, { readonly kind: 'answer' | 'withdraw' }>) => Promise<void>;
  /** Told the account's URL, or that the authority knows it no more. */
  readonly registered: (url: string | undefined) => void;
  readonly signal: AbortSignal;
}

/** What an order ended with. */
export type OrderEnd = Extract<FromOrder, { readonly kind: 'issued' | 'failed' }>;

/** Runs an order in a process of its own, to its end. */
export function runOrder({ order, ca, arrange, registered, signal }: OrderRun): Promise<OrderEnd> {
  const env = Object.fromEntries(passedOn.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
  const child = fork(join(import.meta.dirname, 'order-program.ts'), {
    env: { ...env, NODE_USE_ENV_PROXY: '1', ...(ca === undefined ? {} : { NODE_EXTRA_CA_CERTS: ca }) },
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    signal: AbortSignal.any([signal, AbortSignal.timeout(takesAtMostMs + order.names.length * perNameMs)]),
    killSignal: 'SIGKILL',
  });
  const errors: string[] = [];
  child.stderr?.setEncoding('utf8').on('data', (text: string) => errors.push(text));
  return new Promise((resolve) => {
    const failed = (reason: string) => resolve({ kind: 'failed', reason });
    const tell = (word: ToOrder) => child.connected && child.send(word);
    child.on('error', (error) => failed(signal.aborted ? 'the daemon ends' : error.message));
    child.on('exit', (code, name) => failed(lastLine(errors) ?? `the order ended with ${name ?? code}`));
    child.on('message', (word: FromOrder) => {
      switch (word.kind) {
        case 'ready':
          tell(order);
          return;
        case 'account':
          registered(word.url);
          return;
        case 'answer':
        case 'withdraw':
          void arrange(word).then(
            () => tell({ kind: 'done' }),
            (error: unknown) => tell({ kind: 'done', reason: error instanceof Error ? error.message : String(error) }),
          );
          return;
        default:
          resolve(word);
          child.disconnect();
      }
    });
  });
}

function lastLine(errors: readonly string[]): string | undefined {
  const lines = errors.join('').trim().split('\n');
  return lines.find((line) => /^\w*Error\b/.test(line)) ?? (lines.at(-1) || undefined);
}
