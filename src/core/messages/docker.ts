import { message } from './message.ts';

/** What the docker area says to its users. */
export const dockerMessages = {
  DOCKER_INTERNAL: message<{ detail: string }>({
    en: (f) => `this should not happen (docker): ${f.detail}`,
    es: (f) => `esto no debería ocurrir (docker): ${f.detail}`,
  }),
};
