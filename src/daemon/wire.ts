import { fail } from '#core/errors.ts';
import type { EdgeSettings } from './contract.ts';
import type { Log } from './log.ts';
import type { Working } from './main.ts';

export interface WireOptions {
  readonly home: string;
  readonly settings: EdgeSettings;
  readonly log: Log;
}

/** The composition root: chooses every adapter and joins them to the engine. */
export async function compose(options: WireOptions): Promise<Working> {
  throw fail('DAEMON_INTERNAL', { detail: 'no engine yet', log: options.home });
}
