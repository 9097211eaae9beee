import { message } from './message.ts';

/** What reading `x-timonel` and deriving a service's settings can say. */
export const settingsMessages = {
  SETTINGS_UNKNOWN_KEY: message<{ path: string; key: string; nearest: string | undefined }>({
    en: (f) => `${f.path}: unknown key ${f.key}`,
    es: (f) => `${f.path}: clave desconocida ${f.key}`,
    hint: {
      en: (f) => (f.nearest ? `did you mean ${f.nearest}?` : 'docs/x-timonel.md lists every key'),
      es: (f) => (f.nearest ? `¿quiso decir ${f.nearest}?` : 'docs/x-timonel.md enumera todas las claves'),
    },
  }),
  SETTINGS_VALUE: message<{ path: string; demand: string; demandEs: string | undefined }>({
    en: (f) => `${f.path}: ${f.demand}`,
    es: (f) => `${f.path}: valor no válido (${f.demandEs ?? f.demand})`,
    hint: { en: 'docs/x-timonel.md shows every form', es: 'docs/x-timonel.md muestra todas las formas' },
  }),
  SETTINGS_PROBE_PORT: message<{ service: string }>({
    en: (f) => `services.${f.service}.x-timonel.probe: the service has no port to ask`,
    es: (f) => `services.${f.service}.x-timonel.probe: el servicio no tiene puerto al que preguntar`,
    hint: {
      en: 'name it: probe: {http: {path: /health, port: 8000}}',
      es: 'indíquelo: probe: {http: {path: /health, port: 8000}}',
    },
  }),
  SETTINGS_FILE_MISSING: message<{ kind: string; name: string; source: string }>({
    en: (f) => `${f.kind} ${f.name}: there is no file ${f.source}`,
    es: (f) => `${f.kind} ${f.name}: no existe el archivo ${f.source}`,
    hint: {
      en: (f) => `create it: install -m 600 /dev/null ${f.source}`,
      es: (f) => `créelo: install -m 600 /dev/null ${f.source}`,
    },
  }),
  SETTINGS_FILE_EXTERNAL: message<{ kind: string; name: string }>({
    en: (f) => `${f.kind} ${f.name} is external, and there is no store here that could hold it`,
    es: (f) => `${f.kind} ${f.name} es external y aquí no hay almacén que pueda tenerlo`,
    hint: { en: 'give it a file: or an environment: source', es: 'déle un origen file: o environment:' },
  }),
  SETTINGS_FILE_UNDEFINED: message<{ kind: string; name: string; service: string }>({
    en: (f) => `services.${f.service} uses ${f.kind} ${f.name}, which is not defined`,
    es: (f) => `services.${f.service} usa ${f.kind} ${f.name}, que no está definido`,
  }),
  SETTINGS_RUNTIME_ABSENT: message<{ runtime: string }>({
    en: (f) => `the ${f.runtime} runtime is not available here`,
    es: (f) => `el runtime ${f.runtime} no está disponible aquí`,
    hint: { en: 'choose one with --runtime process', es: 'elija uno con --runtime process' },
  }),
  SETTINGS_RUNTIME_CHOSEN: message<{ service: string }>({
    en: (f) => `${f.service} needs its image, and Docker answers here, so the project runs in containers`,
    es: (f) => `${f.service} necesita su imagen y aquí responde Docker, así que el proyecto se ejecuta en contenedores`,
    hint: {
      en: 'to say it in the file: x-timonel: { runtime: docker }; without Docker: x-timonel.process.command of the service',
      es: 'para decirlo en el archivo: x-timonel: { runtime: docker }; sin Docker: x-timonel.process.command del servicio',
    },
  }),
  SETTINGS_EMPTY_PROJECT: message<{ profiles: string }>({
    en: (f) => `no service to deploy${f.profiles ? ` with the profiles ${f.profiles}` : ''}`,
    es: (f) => `no hay ningún servicio que desplegar${f.profiles ? ` con los perfiles ${f.profiles}` : ''}`,
    hint: { en: 'choose one: --profile NAME', es: 'elija uno: --profile NOMBRE' },
  }),
};
