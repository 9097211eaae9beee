import { message } from './message.ts';

/** What the proxy area says to its users. */
export const proxyMessages = {
  PROXY_INTERNAL: message<{ detail: string }>({
    en: (f) => `this should not happen (proxy): ${f.detail}`,
    es: (f) => `esto no debería ocurrir (proxy): ${f.detail}`,
  }),
};
