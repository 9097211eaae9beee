import { constants } from 'node:os';

const firstRealtime = 34;
const lastRealtime = 64;

/**
 * The number of a signal as Compose files name it: `SIGTERM`, `TERM`, `15`, `SIGRTMIN+3`; undefined when no signal is
 * meant.
 */
export function signalNumber(text: string): number | undefined {
  if (/^\d+$/.test(text)) return inRange(Number(text));
  const name = text.toUpperCase().replace(/^SIG/, '');
  const [, base, offset = '0'] = /^RT(MIN|MAX)(?:[+-](\d+))?$/.exec(name) ?? [];
  if (base === 'MIN') return inRange(firstRealtime + Number(offset));
  if (base === 'MAX') return inRange(lastRealtime - Number(offset));
  return constants.signals[`SIG${name}` as NodeJS.Signals];
}

function inRange(signal: number): number | undefined {
  return signal >= 1 && signal <= lastRealtime ? signal : undefined;
}
