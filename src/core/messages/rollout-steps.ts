import { message } from './message.ts';

interface OfService {
  readonly service: string;
}

interface OfInstance extends OfService {
  readonly instance: string;
}

/** What each step of a plan does, for `plan`, `--dry-run` and the progress of a deployment. */
export const rolloutStepMessages = {
  STEP_CHECK: message({
    en: 'check runtimes, proxy and ports',
    es: 'comprobar entornos de ejecución, proxy y puertos',
  }),
  STEP_PREPARE: message<OfService>({
    en: (f) => `${f.service}: prepare the source`,
    es: (f) => `${f.service}: preparar el código`,
  }),
  STEP_ENSURE_PROJECT: message({
    en: 'make missing volumes and networks',
    es: 'crear los volúmenes y redes que faltan',
  }),
  STEP_LISTEN: message<{ services: string }>({
    en: (f) => `open inner addresses: ${f.services}`,
    es: (f) => `abrir direcciones internas: ${f.services}`,
  }),
  STEP_EXPOSE: message<{ side: 'target' | 'baseline' | 'nothing' }>({
    en: (f) =>
      f.side === 'target'
        ? 'publish routes and ports'
        : f.side === 'baseline'
          ? 'publish the earlier routes and ports again'
          : 'withdraw routes and ports',
    es: (f) =>
      f.side === 'target'
        ? 'publicar rutas y puertos'
        : f.side === 'baseline'
          ? 'publicar de nuevo las rutas y puertos anteriores'
          : 'retirar rutas y puertos',
  }),
  STEP_RELEASE_COMMAND: message<OfService>({
    en: (f) => `${f.service}: run the release command once`,
    es: (f) => `${f.service}: ejecutar una vez el comando de la versión`,
  }),
  STEP_START: message<OfInstance>({
    en: (f) => `${f.service}: start ${f.instance}`,
    es: (f) => `${f.service}: iniciar ${f.instance}`,
  }),
  STEP_RESUME: message<OfInstance>({
    en: (f) => `${f.service}: start ${f.instance} again`,
    es: (f) => `${f.service}: iniciar de nuevo ${f.instance}`,
  }),
  STEP_GATE: message<OfInstance>({
    en: (f) => `${f.service}: wait until ${f.instance} is ready`,
    es: (f) => `${f.service}: esperar a que ${f.instance} esté lista`,
  }),
  STEP_ROUTE: message<OfService & { instances: string }>({
    en: (f) =>
      f.instances === '' ? `${f.service}: no new requests` : `${f.service}: new requests go to ${f.instances}`,
    es: (f) =>
      f.instances === ''
        ? `${f.service}: sin peticiones nuevas`
        : `${f.service}: las peticiones nuevas van a ${f.instances}`,
  }),
  STEP_HOLD: message<OfService>({
    en: (f) => `${f.service}: hold new requests`,
    es: (f) => `${f.service}: retener las peticiones nuevas`,
  }),
  STEP_UNHOLD: message<OfService>({
    en: (f) => `${f.service}: let held requests go on`,
    es: (f) => `${f.service}: dejar seguir las peticiones retenidas`,
  }),
  STEP_DRAIN: message<OfInstance>({
    en: (f) => `${f.service}: let ${f.instance} finish its requests`,
    es: (f) => `${f.service}: dejar que ${f.instance} termine sus peticiones`,
  }),
  STEP_STOP: message<OfInstance>({
    en: (f) => `${f.service}: stop ${f.instance}`,
    es: (f) => `${f.service}: detener ${f.instance}`,
  }),
  STEP_REMOVE: message<OfInstance>({
    en: (f) => `${f.service}: remove ${f.instance}`,
    es: (f) => `${f.service}: eliminar ${f.instance}`,
  }),
  STEP_WAIT: message<OfService & { ms: number }>({
    en: (f) => `${f.service}: pause ${f.ms / 1000} s before the next instances`,
    es: (f) => `${f.service}: pausa de ${f.ms / 1000} s antes de las siguientes instancias`,
  }),
  STEP_OBSERVE: message<OfService & { ms: number }>({
    en: (f) => `${f.service}: watch the new instances for ${f.ms / 1000} s`,
    es: (f) => `${f.service}: observar las nuevas instancias durante ${f.ms / 1000} s`,
  }),
  STEP_VERIFY: message({
    en: 'check that everything desired runs, is healthy and is routed',
    es: 'comprobar que todo lo deseado funciona, está sano y recibe peticiones',
  }),
  STEP_COMMIT: message<{ as: 'serving' | 'stopped' }>({
    en: (f) => (f.as === 'serving' ? 'record the release as serving' : 'record the project as stopped'),
    es: (f) => (f.as === 'serving' ? 'registrar la versión como activa' : 'registrar el proyecto como detenido'),
  }),
  STEP_PARK: message<OfService & { instances: string; ms: number }>({
    en: (f) => `${f.service}: keep ${f.instances} ready for ${f.ms / 1000} s`,
    es: (f) => `${f.service}: mantener ${f.instances} lista durante ${f.ms / 1000} s`,
  }),
  STEP_PRUNE: message({
    en: 'free what no kept release needs',
    es: 'liberar lo que ninguna versión conservada necesita',
  }),
  STEP_FORGET_PROJECT: message({
    en: 'take the project out of the proxy; volumes stay',
    es: 'quitar el proyecto del proxy; los volúmenes se conservan',
  }),
};
