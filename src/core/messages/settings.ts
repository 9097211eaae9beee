import { message } from './message.ts';

/** What the settings area says to its users. */
export const settingsMessages = {
  SETTINGS_INTERNAL: message<{ detail: string }>({
    en: (f) => `this should not happen (settings): ${f.detail}`,
    es: (f) => `esto no debería ocurrir (settings): ${f.detail}`,
  }),
};
