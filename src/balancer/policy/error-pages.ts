import { quote } from '../quote.ts';
import type { Pieces, RuleContext, RuleOf } from './pieces.ts';

/** Stands for an argument that says nothing: the proxy takes no empty ones. */
const none = '-';

/**
 * The page is fetched and put in place by policy.lua. What the client asked for must be remembered before: nothing of
 * the request is there any more when its answer comes.
 */
export function errorPages(rule: RuleOf<'error-pages'>, { when, project }: RuleContext): Pieces {
  const { statuses, rewrites, service, port, query, headers } = rule;
  const wanted = [
    `${project}:${service}:${port}`,
    quote(query),
    rewrites.map(({ from, to, status }) => `${from}-${to}=${status}`).join(',') || none,
    headers === undefined ? none : headers.join(',') || 'host',
  ];
  return {
    request: [
      `http-request set-var(txn.asked_url) pathq if ${when}`,
      `http-request set-var(txn.asked_headers) req.hdrs if ${when}`,
    ],
    answer: [
      `http-response lua.error_page ${wanted.join(' ')} if ${when} { status ${statuses.map(({ from, to }) => `${from}:${to}`).join(' ')} }`,
    ],
    settings: { 'error-pages': ['filter lua.error_pages'] },
  };
}
