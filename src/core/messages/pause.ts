import { renderDuration } from '../duration.ts';
import { message } from './message.ts';

interface Waiting {
  readonly service: string;
  readonly project: string;
  readonly maxMs: number;
}

interface Since extends Waiting {
  readonly by: string;
  /** ISO 8601. */
  readonly since: string;
  readonly forMs: number;
}

const resumes = {
  en: (f: { service: string; project: string }) => `let them go on: timonel resume ${f.service} -p ${f.project}`,
  es: (f: { service: string; project: string }) => `déjelas seguir: timonel resume ${f.service} -p ${f.project}`,
};

/** What is said of services whose requests wait because somebody wants it. */
export const pauseMessages = {
  PAUSED: message<Waiting & { inFlight: number }>({
    en: (f) =>
      `${f.service}: new requests ${f.maxMs > 0 ? `wait, ${renderDuration(f.maxMs)} at most, then they get 503` : 'get 503 at once'}; ${f.inFlight} still in flight`,
    es: (f) =>
      `${f.service}: las peticiones nuevas ${f.maxMs > 0 ? `esperan, ${renderDuration(f.maxMs)} como mucho, y después reciben 503` : 'reciben 503 de inmediato'}; ${f.inFlight} aún en curso`,
    hint: resumes,
  }),
  PAUSE_NOT_DRAINED: message<{ services: string; drain: string }>({
    en: (f) => `not all requests ended within ${f.drain}: ${f.services}; the pause stays`,
    es: (f) => `no todas las peticiones terminaron en ${f.drain}: ${f.services}; la pausa sigue`,
    hint: {
      en: 'wait longer with --drain, or see who is slow: timonel logs --access',
      es: 'espere más con --drain, o vea quién tarda: timonel logs --access',
    },
  }),
  RESUMED: message<{ service: string; forMs: number }>({
    en: (f) => `${f.service}: requests go on after ${renderDuration(f.forMs)}`,
    es: (f) => `${f.service}: las peticiones siguen después de ${renderDuration(f.forMs)}`,
  }),
  RESUME_NOT_PAUSED: message<{ service: string }>({
    en: (f) => `${f.service} was not paused`,
    es: (f) => `${f.service} no estaba en pausa`,
  }),
  RESUME_NOTHING: message<{ project: string }>({
    en: (f) => `nothing of ${f.project} is paused, and no canary is under way`,
    es: (f) => `nada de ${f.project} está en pausa y no hay ningún canario en marcha`,
    hint: {
      en: (f) => `see what is: timonel status -p ${f.project}`,
      es: (f) => `vea qué hay: timonel status -p ${f.project}`,
    },
  }),
  PAUSE_WHICH: message<{ project: string; known: string }>({
    en: (f) => `no canary of ${f.project} is under way; to let requests wait, name the services: ${f.known}`,
    es: (f) =>
      `no hay ningún canario de ${f.project} en marcha; para que las peticiones esperen, nombre los servicios: ${f.known}`,
    hint: {
      en: (f) => `for all of them: timonel pause ${f.known} -p ${f.project}`,
      es: (f) => `para todos: timonel pause ${f.known} -p ${f.project}`,
    },
  }),
  PAUSE_NO_REQUESTS: message<{ service: string; known: string }>({
    en: (f) => `${f.service} has no port, so there are no requests to it that could wait; these have one: ${f.known}`,
    es: (f) =>
      `${f.service} no tiene puerto, así que no recibe peticiones que puedan esperar; sí lo tienen: ${f.known}`,
    hint: {
      en: (f) => `to stop what it does: timonel stop ${f.service}`,
      es: (f) => `para detener lo que hace: timonel stop ${f.service}`,
    },
  }),
  PAUSE_TOO_LONG: message<{ hours: number }>({
    en: (f) => `a request cannot wait for more than ${f.hours} h`,
    es: (f) => `una petición no puede esperar más de ${f.hours} h`,
    hint: {
      en: 'the pause itself has no end; --timeout is for one request: --timeout 5m',
      es: 'la pausa misma no tiene fin; --timeout es para una petición: --timeout 5m',
    },
  }),
  WARN_REQUESTS_WAIT: message<Since>({
    en: (f) =>
      `requests to ${f.service} ${f.maxMs > 0 ? `wait (${renderDuration(f.maxMs)} at most, then 503)` : 'get 503'}: paused by ${f.by} since ${f.since}, for ${renderDuration(f.forMs)} now`,
    es: (f) =>
      `las peticiones a ${f.service} ${f.maxMs > 0 ? `esperan (${renderDuration(f.maxMs)} como mucho, después 503)` : 'reciben 503'}: en pausa por ${f.by} desde ${f.since}, hace ${renderDuration(f.forMs)}`,
    hint: resumes,
  }),
};
