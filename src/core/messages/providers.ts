import { message } from './message.ts';

/** What the providers area says to its users. */
export const providersMessages = {
  PROVIDERS_INTERNAL: message<{ detail: string }>({
    en: (f) => `this should not happen (providers): ${f.detail}`,
    es: (f) => `esto no debería ocurrir (providers): ${f.detail}`,
  }),
};
