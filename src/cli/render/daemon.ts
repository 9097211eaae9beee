import type { Language } from '#core/messages/message.ts';
import { type Said, said } from '#core/messages/say.ts';
import type { Health } from '#daemon/contract.ts';
import type { Terminal } from '../terminal.ts';
import { renderSaid } from './said.ts';

interface Shown {
  readonly terminal: Terminal;
  readonly language: Language;
  readonly home: string;
  readonly health: Health;
  readonly state: 'runs' | 'ended';
}

/** The daemon for people: where, which version, since when, and what its end means. */
export function renderDaemon({ terminal, language, home, health, state }: Shown): string {
  if (state === 'ended') return renderSaid(said('CLI_DAEMON_ENDED', { home }), { terminal, language });
  const { httpPort, httpsPort, edgeAddress } = health.settings;
  const facts = { home, pid: health.pid, version: health.version, edge: `${edgeAddress} ${httpPort}/${httpsPort}` };
  return [said('CLI_DAEMON_RUNS', facts), ...metricsOf(health), ...recoveringOf(health)]
    .map((one) => renderSaid(one, { terminal, language }))
    .join('');
}

function metricsOf({ metrics }: Health): readonly Said[] {
  if (metrics === undefined) return [];
  const { url, reason } = metrics;
  return [
    reason === undefined ? said('CLI_DAEMON_METRICS', { url }) : said('CLI_DAEMON_METRICS_FAILED', { url, reason }),
  ];
}

function recoveringOf({ recovering }: Health): readonly Said[] {
  return recovering ? [said('CLI_DAEMON_RECOVERING', {})] : [];
}
