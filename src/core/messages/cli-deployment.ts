import { message } from './message.ts';

/** What the command line says of deployments: their plan, their course, their end. */
export const cliDeploymentMessages = {
  CLI_DETACHED: message<{ id: string; project: string }>({
    en: (f) => `you left; deployment ${f.id} goes on without you`,
    es: (f) => `usted salió; el despliegue ${f.id} continúa sin usted`,
    hint: {
      en: (f) => `follow it: timonel status -p ${f.project} · undo it: timonel cancel -p ${f.project}`,
      es: (f) => `sígalo: timonel status -p ${f.project} · deshágalo: timonel cancel -p ${f.project}`,
    },
  }),
  CLI_NOTHING_TO_CANCEL: message<{ project: string }>({
    en: (f) => `no deployment of ${f.project} is under way; nothing was changed`,
    es: (f) => `no hay ningún despliegue de ${f.project} en marcha; no se cambió nada`,
  }),
  CLI_CANCELLING: message<{ id: string }>({
    en: (f) => `cancelling deployment ${f.id}; what it changed is being undone`,
    es: (f) => `cancelando el despliegue ${f.id}; se deshace lo que cambió`,
  }),
  CLI_NEEDS_YES: message<{ project: string }>({
    en: (f) => `taking ${f.project} down needs your word, and there is no terminal to ask on`,
    es: (f) => `detener ${f.project} necesita su confirmación y no hay terminal donde pedirla`,
    hint: { en: 'say yes beforehand: timonel down -y', es: 'confírmelo de antemano: timonel down -y' },
  }),
  CLI_DOWN_DECLINED: message<{ project: string }>({
    en: (f) => `${f.project} stays up; nothing was changed`,
    es: (f) => `${f.project} sigue en marcha; no se cambió nada`,
  }),
  CLI_PLAN_HEAD: message<{ project: string; from: number; to: number }>({
    en: (f) => `${f.project}: release ${f.from} -> ${f.to}`,
    es: (f) => `${f.project}: versión ${f.from} -> ${f.to}`,
  }),
  CLI_PLAN_HEAD_FIRST: message<{ project: string; to: number }>({
    en: (f) => `${f.project}: first release, ${f.to}`,
    es: (f) => `${f.project}: primera versión, ${f.to}`,
  }),
  CLI_PLAN_NOTHING: message<{ project: string; release: number }>({
    en: (f) => `nothing changed; release ${f.release} of ${f.project} serves as it is`,
    es: (f) => `sin cambios; la versión ${f.release} de ${f.project} sigue atendiendo tal como está`,
  }),
  CLI_PLAN_CHANGES: message<{ count: number }>({
    en: (f) =>
      f.count === 1 ? 'a deployment would change 1 service' : `a deployment would change ${f.count} services`,
    es: (f) => (f.count === 1 ? 'un despliegue cambiaría 1 servicio' : `un despliegue cambiaría ${f.count} servicios`),
    hint: { en: 'do it: timonel deploy', es: 'hágalo: timonel deploy' },
  }),
  CLI_PLAN_PAUSE: message<{ service: string; pause: string }>({
    en: (f) => `${f.service}: requests are held for about ${f.pause} while it is replaced`,
    es: (f) => `${f.service}: las peticiones esperan unos ${f.pause} mientras se reemplaza`,
  }),
  CLI_WAITING: message<{ deployment: string; by: string; step: string | undefined; since: string }>({
    en: (f) => `waiting for deployment ${f.deployment} of ${f.by} (since ${f.since}${f.step ? `, at ${f.step}` : ''})`,
    es: (f) =>
      `esperando al despliegue ${f.deployment} de ${f.by} (desde ${f.since}${f.step ? `, en el paso ${f.step}` : ''})`,
  }),
  CLI_STILL_AT: message<{ service: string; step: string; elapsed: string; last: string | undefined }>({
    en: (f) => `${f.service}  still at: ${f.step}, ${f.elapsed}${f.last ? `; last: ${f.last}` : ''}`,
    es: (f) => `${f.service}  sigue en: ${f.step}, ${f.elapsed}${f.last ? `; último: ${f.last}` : ''}`,
  }),
  CLI_SWITCHED: message<{ service: string; release: number }>({
    en: (f) => `${f.service}  all new requests go to release ${f.release}`,
    es: (f) => `${f.service}  todas las peticiones nuevas van a la versión ${f.release}`,
  }),
  CLI_UNDOING: message<{ step: string }>({
    en: (f) => `undoing: ${f.step}`,
    es: (f) => `deshaciendo: ${f.step}`,
  }),
  CLI_END_SERVES: message<{ project: string; release: number; elapsed: string }>({
    en: (f) => `release ${f.release} of ${f.project} serves (${f.elapsed})`,
    es: (f) => `la versión ${f.release} de ${f.project} está atendiendo (${f.elapsed})`,
  }),
  CLI_END_DOWN: message<{ project: string; elapsed: string }>({
    en: (f) => `${f.project} is down (${f.elapsed}); its volumes and releases stay`,
    es: (f) => `${f.project} está detenido (${f.elapsed}); se conservan sus volúmenes y versiones`,
    hint: { en: 'bring it back: timonel deploy DIR', es: 'vuelva a levantarlo: timonel deploy DIR' },
  }),
  CLI_END_ROLLED_BACK: message<{ project: string; failed: number; release: number }>({
    en: (f) => `release ${f.failed} of ${f.project} failed; release ${f.release} still serves`,
    es: (f) => `la versión ${f.failed} de ${f.project} falló; la versión ${f.release} sigue atendiendo`,
  }),
  CLI_END_FAILED_FIRST: message<{ project: string; failed: number }>({
    en: (f) => `release ${f.failed} of ${f.project} failed; nothing served before, and nothing was left behind`,
    es: (f) => `la versión ${f.failed} de ${f.project} falló; antes no atendía nada y no quedó nada a medias`,
  }),
  CLI_END_FAILED: message<{ project: string }>({
    en: (f) => `the deployment of ${f.project} failed`,
    es: (f) => `el despliegue de ${f.project} falló`,
    hint: { en: 'see what serves: timonel status', es: 'vea qué está atendiendo: timonel status' },
  }),
  CLI_END_CANCELLED: message<{ project: string; release: number }>({
    en: (f) => `cancelled; release ${f.release} of ${f.project} serves as before`,
    es: (f) => `cancelado; la versión ${f.release} de ${f.project} atiende como antes`,
  }),
  CLI_END_CANCELLED_FIRST: message<{ project: string }>({
    en: (f) => `cancelled; nothing of ${f.project} serves, as before`,
    es: (f) => `cancelado; nada de ${f.project} atiende, como antes`,
  }),
};
