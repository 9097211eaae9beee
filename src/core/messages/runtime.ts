import { message } from './message.ts';

/** What the runtime area says to its users. */
export const runtimeMessages = {
  RUNTIME_INTERNAL: message<{ detail: string }>({
    en: (f) => `this should not happen (runtime): ${f.detail}`,
    es: (f) => `esto no debería ocurrir (runtime): ${f.detail}`,
  }),
};
