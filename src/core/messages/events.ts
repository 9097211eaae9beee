import { renderDuration } from '../duration.ts';
import { type CanaryVerdict, verdictWords } from './canary.ts';
import { message } from './message.ts';

interface Deployment {
  readonly deployment: string;
  readonly kind: string;
  readonly by: string;
  readonly from: number | undefined;
  readonly to: number | undefined;
}

interface Breaker {
  readonly route: string;
  readonly why: string;
  readonly forMs: number;
}

interface Certificate {
  readonly host: string;
  /** ISO 8601. */
  readonly expires: string;
}

const states: Readonly<Record<string, { readonly en: string; readonly es: string }>> = {
  running: { en: 'is under way', es: 'está en marcha' },
  succeeded: { en: 'succeeded', es: 'terminó bien' },
  'rolled-back': { en: 'was rolled back', es: 'se revirtió' },
  failed: { en: 'failed', es: 'falló' },
  cancelled: { en: 'was cancelled', es: 'se canceló' },
};

/** `release 3 to 4`. */
function way({ from, to }: Deployment, words: { readonly release: string; readonly to: string }): string {
  if (to === undefined) return '';
  return from === undefined || from === to
    ? ` (${words.release} ${to})`
    : ` (${words.release} ${from} ${words.to} ${to})`;
}

const english = { release: 'release', to: 'to' };
const spanish = { release: 'versión', to: 'a' };

/** How an instance ended, as far as it was seen. */
function end(
  f: { code: number | undefined; signal: string | undefined; outOfMemory: boolean },
  memory: string,
): string {
  if (f.outOfMemory) return ` (${memory})`;
  if (f.signal !== undefined) return ` (${f.signal})`;
  return f.code === undefined ? '' : ` (${f.code})`;
}

/** What happened to a project, for `timonel events`. */
export const eventMessages = {
  EVENT_DEPLOYMENT_BEGAN: message<Deployment>({
    en: (f) => `${f.kind} ${f.deployment} began${way(f, english)}, by ${f.by}`,
    es: (f) => `${f.kind} ${f.deployment} empezó${way(f, spanish)}, por ${f.by}`,
  }),
  EVENT_DEPLOYMENT_ENDED: message<Deployment & { state: string }>({
    en: (f) => `${f.kind} ${f.deployment} ${states[f.state]?.en}${way(f, english)}, by ${f.by}`,
    es: (f) => `${f.kind} ${f.deployment} ${states[f.state]?.es}${way(f, spanish)}, por ${f.by}`,
  }),
  EVENT_CANARY: message<{
    service: string;
    percent: number;
    verdict: CanaryVerdict;
    state: 'judging' | 'waiting' | 'paused';
    canary: number;
    stable: number;
  }>({
    en: (f) =>
      `${f.service}: canary at ${f.percent} %, ${verdictWords[f.verdict]?.en}: ${f.canary} requests, the old release ${f.stable}${
        f.state === 'paused' ? '; paused' : f.state === 'waiting' ? '; waits for somebody' : ''
      }`,
    es: (f) =>
      `${f.service}: canario al ${f.percent} %, ${verdictWords[f.verdict]?.es}: ${f.canary} peticiones, la versión anterior ${f.stable}${
        f.state === 'paused' ? '; en pausa' : f.state === 'waiting' ? '; espera a alguien' : ''
      }`,
  }),
  EVENT_PAUSED: message<{ service: string; by: string; maxMs: number }>({
    en: (f) =>
      `requests to ${f.service} ${f.maxMs > 0 ? `wait, ${renderDuration(f.maxMs)} at most` : 'get 503'}: paused by ${f.by}`,
    es: (f) =>
      `las peticiones a ${f.service} ${f.maxMs > 0 ? `esperan, ${renderDuration(f.maxMs)} como mucho` : 'reciben 503'}: en pausa por ${f.by}`,
  }),
  EVENT_RESUMED: message<{ service: string; by: string; forMs: number }>({
    en: (f) => `requests to ${f.service} go on after ${renderDuration(f.forMs)}: resumed by ${f.by}`,
    es: (f) => `las peticiones a ${f.service} siguen después de ${renderDuration(f.forMs)}: reanudadas por ${f.by}`,
  }),
  EVENT_INSTANCE_DIED: message<{
    instance: string;
    code: number | undefined;
    signal: string | undefined;
    outOfMemory: boolean;
  }>({
    en: (f) => `${f.instance} died${end(f, 'out of memory')}`,
    es: (f) => `${f.instance} murió${end(f, 'sin memoria')}`,
  }),
  EVENT_INSTANCE_RESTARTED: message<{ instance: string; restarts: number }>({
    en: (f) => `${f.instance} was started again (restart ${f.restarts})`,
    es: (f) => `${f.instance} se arrancó de nuevo (reinicio ${f.restarts})`,
  }),
  EVENT_INSTANCE_HEALTHY: message<{ instance: string }>({
    en: (f) => `${f.instance} is healthy`,
    es: (f) => `${f.instance} está sana`,
  }),
  EVENT_INSTANCE_EJECTED: message<{ instance: string; forMs: number }>({
    en: (f) =>
      `${f.instance} gets nothing new for ${renderDuration(f.forMs)}, because it fails where its siblings do not`,
    es: (f) => `${f.instance} no recibe nada nuevo durante ${renderDuration(f.forMs)}, porque falla donde las demás no`,
  }),
  EVENT_INSTANCE_RETURNED: message<{ instance: string }>({
    en: (f) => `${f.instance} gets requests again`,
    es: (f) => `${f.instance} recibe peticiones otra vez`,
  }),
  EVENT_BREAKER_OPENED: message<Breaker>({
    en: (f) => `breaker of route ${f.route} opened: ${f.why}; requests get an error for ${renderDuration(f.forMs)}`,
    es: (f) =>
      `se abrió el interruptor de la ruta ${f.route}: ${f.why}; las peticiones reciben un error durante ${renderDuration(f.forMs)}`,
  }),
  EVENT_BREAKER_RECOVERING: message<Breaker>({
    en: (f) =>
      `breaker of route ${f.route} recovers: a growing share of the requests passes for ${renderDuration(f.forMs)}`,
    es: (f) =>
      `el interruptor de la ruta ${f.route} se recupera: deja pasar una parte creciente de las peticiones durante ${renderDuration(f.forMs)}`,
  }),
  EVENT_BREAKER_CLOSED: message<Breaker>({
    en: (f) => `breaker of route ${f.route} closed after ${renderDuration(f.forMs)}: all requests pass`,
    es: (f) =>
      `se cerró el interruptor de la ruta ${f.route} después de ${renderDuration(f.forMs)}: pasan todas las peticiones`,
  }),
  EVENT_CERTIFICATE_ISSUED: message<Certificate>({
    en: (f) => `certificate for ${f.host} issued, valid until ${f.expires}`,
    es: (f) => `certificado para ${f.host} emitido, válido hasta ${f.expires}`,
  }),
  EVENT_CERTIFICATE_RENEWED: message<Certificate>({
    en: (f) => `certificate for ${f.host} renewed, valid until ${f.expires}`,
    es: (f) => `certificado para ${f.host} renovado, válido hasta ${f.expires}`,
  }),
  EVENT_PROXY_DIED: message({
    en: 'the proxy died; it is started again',
    es: 'el proxy murió; se arranca de nuevo',
  }),
  EVENT_PROXY_RESTARTED: message({
    en: 'the proxy runs again and carries everything',
    es: 'el proxy está de nuevo en marcha y lo lleva todo',
  }),
};
