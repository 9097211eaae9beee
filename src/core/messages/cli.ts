import { message } from './message.ts';

/** What the cli area says to its users. */
export const cliMessages = {
  CLI_INTERNAL: message<{ detail: string }>({
    en: (f) => `this should not happen (cli): ${f.detail}`,
    es: (f) => `esto no debería ocurrir (cli): ${f.detail}`,
  }),
};
