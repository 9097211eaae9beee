import { message } from './message.ts';

/** What the rollout area says to its users. */
export const rolloutMessages = {
  ROLLOUT_INTERNAL: message<{ detail: string }>({
    en: (f) => `this should not happen (rollout): ${f.detail}`,
    es: (f) => `esto no debería ocurrir (rollout): ${f.detail}`,
  }),
};
