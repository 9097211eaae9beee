import { message } from './message.ts';

/** What is said about instances that fail in traffic. */
export const trafficMessages = {
  OUTLIER_STREAK: message<{ errors: number }>({
    en: (f) => `${f.errors} errors one after the other`,
    es: (f) => `${f.errors} errores seguidos`,
  }),
  OUTLIER_RATIO: message<{ percent: number; siblings: number }>({
    en: (f) => `${f.percent} % of its answers are errors, ${f.siblings} % of its siblings'`,
    es: (f) => `el ${f.percent} % de sus respuestas son errores; en las demás instancias, el ${f.siblings} %`,
  }),
};
