import type { Language } from '#core/messages/message.ts';
import type { ReleaseSummary } from '#daemon/contract.ts';
import type { Terminal } from '../terminal.ts';
import { renderColumns } from './columns.ts';
import { labels } from './labels.ts';
import { localTime } from './status.ts';

interface Reader {
  readonly terminal: Terminal;
  readonly language: Language;
}

/** Releases as a table, the serving one marked. */
export function renderReleases(releases: readonly ReleaseSummary[], { terminal, language }: Reader): string {
  const head = (['release', 'created', 'sources'] as const).map((name) =>
    terminal.paint('dim', labels[name][language]),
  );
  const rows = releases.map((one) => [
    `${one.release}${one.serving ? terminal.paint('green', ' *') : ''}`,
    localTime(one.createdAt),
    one.services.map(({ name, replicas, source }) => `${name} x${replicas} (${source.slice(0, 40)})`).join(', '),
  ]);
  return renderColumns([head, ...rows], '  ');
}
