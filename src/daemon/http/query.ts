import { fail } from '#core/errors.ts';

/** A number from 0 on in a query; undefined where it is not given. Throws DAEMON_BAD_REQUEST. */
export function naturalNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw fail('DAEMON_BAD_REQUEST', { detail: `${name}=${text}` });
  return Number(text);
}
