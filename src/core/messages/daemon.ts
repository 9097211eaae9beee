import { message } from './message.ts';

/** What the daemon area says to its users. */
export const daemonMessages = {
  DAEMON_INTERNAL: message<{ detail: string }>({
    en: (f) => `this should not happen (daemon): ${f.detail}`,
    es: (f) => `esto no debería ocurrir (daemon): ${f.detail}`,
  }),
};
