import type { Readable } from 'node:stream';

type Scalar = string | number | boolean;

/** One call to the Engine API, as data. */
export interface Call {
  /** The act in a few words, for messages: `start documentos-web-r3-1`. */
  readonly what: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path below the API version, with its parts already encoded. */
  readonly path: string;
  /** Objects are sent as JSON, as the API wants its filters; undefined members are left out. */
  readonly query?: Readonly<Record<string, Scalar | object | undefined>>;
  readonly body?: object;
  readonly upload?: Readable;
  readonly headers?: Readonly<Record<string, string>>;
  /** Until the whole answer (`json`, `done`) or its first byte (`stream`) is there, milliseconds. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
}

/** `/containers/NAME/start` from its parts, each encoded. */
export function pathOf(...parts: readonly string[]): string {
  return parts.map((part) => `/${encodeURIComponent(part)}`).join('');
}

/** The query string of a call, with its `?`, or nothing. */
export function renderQuery(query: Call['query'] = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    parameters.set(name, typeof value === 'object' ? JSON.stringify(value) : String(value));
  }
  return parameters.size === 0 ? '' : `?${parameters}`;
}
