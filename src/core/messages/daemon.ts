import { message } from './message.ts';

/** What the daemon area says to its users. */
export const daemonMessages = {
  DAEMON_INTERNAL: message<{ detail: string; log: string }>({
    en: (f) => `this should not happen (daemon): ${f.detail}`,
    es: (f) => `esto no debería ocurrir (servicio timonel): ${f.detail}`,
    hint: {
      en: (f) => `nothing that serves was touched by this; the details are in ${f.log}`,
      es: (f) => `esto no afectó a nada de lo que atiende; los detalles están en ${f.log}`,
    },
  }),
  DAEMON_BAD_REQUEST: message<{ detail: string }>({
    en: (f) => `the daemon does not understand the request: ${f.detail}`,
    es: (f) => `el servicio timonel no entiende la petición: ${f.detail}`,
    hint: {
      en: 'client and daemon may be of different versions: timonel daemon stop, then try again',
      es: 'cliente y servicio pueden ser de versiones distintas: timonel daemon stop y vuelva a intentarlo',
    },
  }),
  DAEMON_UNKNOWN_ROUTE: message<{ request: string }>({
    en: (f) => `the daemon has no answer to ${f.request}`,
    es: (f) => `el servicio timonel no responde a ${f.request}`,
    hint: {
      en: 'client and daemon may be of different versions: timonel daemon stop, then try again',
      es: 'cliente y servicio pueden ser de versiones distintas: timonel daemon stop y vuelva a intentarlo',
    },
  }),
  DAEMON_UNKNOWN_PROJECT: message<{ project: string; known: readonly string[] }>({
    en: (f) => `there is no project ${f.project} here`,
    es: (f) => `aquí no hay ningún proyecto ${f.project}`,
    hint: {
      en: (f) => (f.known.length > 0 ? `known: ${f.known.join(', ')}` : 'nothing is deployed yet: timonel deploy DIR'),
      es: (f) =>
        f.known.length > 0 ? `conocidos: ${f.known.join(', ')}` : 'todavía no hay nada desplegado: timonel deploy DIR',
    },
  }),
  DAEMON_UNKNOWN_DEPLOYMENT: message<{ id: string }>({
    en: (f) => `there is no deployment ${f.id}`,
    es: (f) => `no existe el despliegue ${f.id}`,
    hint: { en: 'see the last one: timonel status', es: 'vea el último: timonel status' },
  }),
  DAEMON_ALREADY_RUNS: message<{ home: string; pid: string }>({
    en: (f) => `a daemon already runs for ${f.home} (process ${f.pid})`,
    es: (f) => `ya hay un servicio timonel para ${f.home} (proceso ${f.pid})`,
    hint: { en: 'see it: timonel daemon status', es: 'véalo: timonel daemon status' },
  }),
  DAEMON_SETTING: message<{ variable: string; value: string; demand: string }>({
    en: (f) => `${f.variable}=${f.value} should be ${f.demand}`,
    es: (f) => `${f.variable}=${f.value} no es válido (${f.demand})`,
    hint: {
      en: (f) => `set it right or not at all: unset ${f.variable}`,
      es: (f) => `corríjalo o quítelo: unset ${f.variable}`,
    },
  }),
  DAEMON_SETTINGS_BROKEN: message<{ file: string; reason: string }>({
    en: (f) => `the remembered settings in ${f.file} cannot be read: ${f.reason}`,
    es: (f) => `no se pueden leer los ajustes recordados en ${f.file}: ${f.reason}`,
    hint: {
      en: (f) => `remove it; ports other than 80 and 443 must then be named once more: rm ${f.file}`,
      es: (f) => `bórrelo; después habrá que indicar otra vez puertos distintos de 80 y 443: rm ${f.file}`,
    },
  }),
  DAEMON_HOME_UNUSABLE: message<{ home: string; reason: string }>({
    en: (f) => `cannot use the folder ${f.home}: ${f.reason}`,
    es: (f) => `no se puede usar la carpeta ${f.home}: ${f.reason}`,
    hint: {
      en: 'choose another: TIMONEL_HOME=/path timonel ...',
      es: 'elija otra: TIMONEL_HOME=/ruta timonel ...',
    },
  }),
  DAEMON_SOCKET_TOO_LONG: message<{ socket: string }>({
    en: (f) => `the path ${f.socket} is too long for a socket: the system allows 107 bytes`,
    es: (f) => `la ruta ${f.socket} es demasiado larga para un socket: el sistema admite 107 bytes`,
    hint: {
      en: 'choose a shorter folder: TIMONEL_HOME=/path timonel ...',
      es: 'elija una carpeta más corta: TIMONEL_HOME=/ruta timonel ...',
    },
  }),
};
