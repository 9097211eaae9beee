import { composeValueMessages } from './compose-values.ts';
import { message } from './message.ts';

/** What the compose area says to its users. */
export const composeMessages = {
  COMPOSE_INTERNAL: message<{ detail: string }>({
    en: (f) => `this should not happen (compose): ${f.detail}`,
    es: (f) => `esto no debería ocurrir (compose): ${f.detail}`,
  }),
  ...composeValueMessages,
};
