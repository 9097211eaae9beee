import { message } from './message.ts';

/** What a probe heard, as a sentence. */
export const probesMessages = {
  PROBE_HTTP_STATUS: message<{ url: string; status: number; body: string }>({
    en: (f) => `GET ${f.url} answered ${f.status}${f.body ? `: ${f.body}` : ''}`,
    es: (f) => `GET ${f.url} respondió ${f.status}${f.body ? `: ${f.body}` : ''}`,
  }),
  PROBE_HTTP_REDIRECT: message<{ url: string; status: number; location: string }>({
    en: (f) => `GET ${f.url} got ${f.status} to ${f.location}`,
    es: (f) => `GET ${f.url} recibió ${f.status} hacia ${f.location}`,
    hint: {
      en: 'ask the final path, or accept it: probe: {http: {path: ..., status: [200, 301]}}',
      es: 'pregunte por la ruta final, o acéptela: probe: {http: {path: ..., status: [200, 301]}}',
    },
  }),
  PROBE_CONNECTED: message<{ address: string }>({
    en: (f) => `connected to ${f.address}`,
    es: (f) => `conectado a ${f.address}`,
  }),
  PROBE_UNREACHABLE: message<{ address: string; reason: string }>({
    en: (f) => `${f.address}: ${f.reason}`,
    es: (f) => `${f.address}: ${f.reason}`,
  }),
  PROBE_COMMAND: message<{ command: string; code: number | undefined; output: string; timedOut: boolean }>({
    en: (f) =>
      `${f.command} ${f.timedOut ? 'timed out' : `ended with ${f.code ?? 'a signal'}`}${f.output ? `: ${f.output}` : ''}`,
    es: (f) =>
      `${f.command} ${f.timedOut ? 'agotó su tiempo' : `terminó con ${f.code ?? 'una señal'}`}${f.output ? `: ${f.output}` : ''}`,
  }),
  PROBE_LOG_MATCHED: message<{ line: string }>({
    en: (f) => `logged "${f.line}"`,
    es: (f) => `registró "${f.line}"`,
  }),
  PROBE_LOG_WAITING: message<{ pattern: string }>({
    en: (f) => `no log line matches /${f.pattern}/ yet`,
    es: (f) => `ninguna línea del registro coincide aún con /${f.pattern}/`,
  }),
  PROBE_RUNNING: message<{ seconds: number; wanted: number }>({
    en: (f) => `running for ${f.seconds} s of ${f.wanted} s without a restart`,
    es: (f) => `en marcha ${f.seconds} s de ${f.wanted} s sin reinicio`,
  }),
};
