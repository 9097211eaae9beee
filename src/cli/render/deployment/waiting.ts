import type { Language } from '#core/messages/message.ts';
import { said, say } from '#core/messages/say.ts';
import type { LockHolder } from '#model/event.ts';
import { localTime } from '../status.ts';

/** Who holds the project's lock, since when and at which step. */
export function renderWaiting({ deployment, by, step, since }: LockHolder, language: Language): string {
  return say(said('CLI_WAITING', { deployment, by, step, since: localTime(since) }), language);
}
