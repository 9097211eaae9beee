import type { Language } from '#core/messages/message.ts';

/** A request as a route sees it. */
export interface RouteRequest {
  /** What stood in the path for `:name`, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The JSON body, not yet checked; undefined where none was sent. */
  readonly body: unknown;
  /** What a client that goes on talking says after that, not yet checked. */
  readonly more: AsyncIterable<unknown>;
  /** Language that the client asks for. */
  readonly language: Language;
  /** Aborts when the client goes away. */
  readonly gone: AbortSignal;
}

/** What a route answers: one JSON document, text of another type, or many documents, one a line, as they come. */
export type Answer =
  | { readonly kind: 'document'; readonly status?: number; readonly body: unknown }
  | { readonly kind: 'text'; readonly type: string; readonly text: string }
  | { readonly kind: 'lines'; readonly items: AsyncIterable<unknown> };

/** One resource's answer to one method. `path` may hold `:name` for a part of it. */
export interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Whatever it throws becomes an answer with the message in words. */
  handle(request: RouteRequest): Promise<Answer> | Answer;
}

/** Answers with one JSON document. */
export function document(body: unknown, status = 200): Answer {
  return { kind: 'document', status, body };
}

/** Answers with text of a content type. */
export function text(content: string, type: string): Answer {
  return { kind: 'text', type, text: content };
}

/** Answers with one JSON document a line. */
export function lines(items: AsyncIterable<unknown>): Answer {
  return { kind: 'lines', items };
}
