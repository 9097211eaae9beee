import type { WireLogLine } from '#daemon/contract.ts';
import { type DaemonClient, isNobody } from './daemon.ts';

interface LineRequest {
  readonly daemon: DaemonClient;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
}

/** Log lines; when the daemon is replaced while they are followed, goes on with the new one where the old one stopped. */
export async function* followLines<L extends { readonly time: string } = WireLogLine>({
  daemon,
  path,
  query,
}: LineRequest): AsyncGenerator<L> {
  let asked = query;
  for (;;) {
    const last: { time?: string } = {};
    const address = `${path}?${new URLSearchParams(asked)}`;
    try {
      for await (const line of daemon.stream<L>({ method: 'GET', path: address })) {
        last.time = line.time;
        yield line;
      }
    } catch (error) {
      if (!isNobody(error)) throw error;
    }
    if (query.follow === undefined || Date.now() >= Number(query.until ?? Number.POSITIVE_INFINITY)) return;
    daemon.forget();
    asked = goOnAfter(asked, last.time);
  }
}

function goOnAfter(query: Readonly<Record<string, string>>, time: string | undefined): Record<string, string> {
  const { tail: _, ...rest } = query;
  return { ...rest, since: time === undefined ? (rest.since ?? String(Date.now())) : String(Date.parse(time) + 1) };
}
