import { message } from './message.ts';

/** What commands beside deployments say: run something inside, look at volumes. */
export const errandMessages = {
  ERRAND_NOTHING_RUNS: message<{ project: string; service: string }>({
    en: (f) => `no instance of ${f.project}/${f.service} runs`,
    es: (f) => `no hay ninguna instancia en marcha de ${f.project}/${f.service}`,
    hint: {
      en: (f) => `see why: timonel status -p ${f.project}; start it: timonel start ${f.service} -p ${f.project}`,
      es: (f) => `vea por qué: timonel status -p ${f.project}; iníciela: timonel start ${f.service} -p ${f.project}`,
    },
  }),
  ERRAND_NO_CACHE_HERE: message<{ service: string; runtime: string }>({
    en: (f) => `${f.service} runs on the runtime ${f.runtime}, which builds no image: there is nothing to build anew`,
    es: (f) => `${f.service} se ejecuta en el entorno ${f.runtime}, que no construye imágenes: no hay nada que rehacer`,
    hint: {
      en: 'for containers: timonel build --runtime docker; setup commands run again when the code changes',
      es: 'para contenedores: timonel build --runtime docker; los comandos de setup se repiten cuando cambia el código',
    },
  }),
  ERRAND_VOLUME_UNKNOWN: message<{ name: string; known: string }>({
    en: (f) => `no project of this home has a volume ${f.name}`,
    es: (f) => `ningún proyecto de esta carpeta tiene un volumen ${f.name}`,
    hint: {
      en: (f) => (f.known === '' ? 'there is none' : `there are: ${f.known}`),
      es: (f) => (f.known === '' ? 'no hay ninguno' : `los que hay: ${f.known}`),
    },
  }),
  ERRAND_VOLUME_EXTERNAL: message<{ name: string; project: string }>({
    en: (f) => `the volume ${f.name} is external to ${f.project}: whoever made it removes it`,
    es: (f) => `el volumen ${f.name} es externo a ${f.project}: lo elimina quien lo creó`,
    hint: { en: (f) => `docker volume rm ${f.name}`, es: (f) => `docker volume rm ${f.name}` },
  }),
  CLI_NEEDS_DATA_YES: message<{ names: readonly string[] }>({
    en: (f) => `this deletes data for good: ${f.names.join(', ')}`,
    es: (f) => `esto borra datos para siempre: ${f.names.join(', ')}`,
    hint: {
      en: 'nothing was changed; if it is meant: --yes-delete-data',
      es: 'no se cambió nada; si es lo que quiere: --yes-delete-data',
    },
  }),
  CLI_VOLUME_REMOVED: message<{ name: string }>({
    en: (f) => `volume ${f.name} and its data are gone`,
    es: (f) => `se eliminaron el volumen ${f.name} y sus datos`,
  }),
  CLI_COMMAND_MISSING: message<{ command: string; usage: string }>({
    en: (f) => `${f.command} needs a service and a command: timonel ${f.command} ${f.usage}`,
    es: (f) => `${f.command} necesita un servicio y un comando: timonel ${f.command} ${f.usage}`,
  }),
  CLI_EXEC_OPTIONS: message<{ options: string }>({
    en: (f) => `${f.options} works in containers only, and not with --json or --timeout`,
    es: (f) => `${f.options} solo funciona en contenedores, y no con --json ni --timeout`,
    hint: {
      en: 'inside a shell: timonel exec SERVICE -- sh -c "NAME=value command"',
      es: 'dentro de una shell: timonel exec SERVICIO -- sh -c "NOMBRE=valor comando"',
    },
  }),
  CLI_COMMAND_TIMED_OUT: message<{ instance: string }>({
    en: (f) => `the command in ${f.instance} took too long and was ended`,
    es: (f) => `el comando en ${f.instance} tardó demasiado y se terminó`,
    hint: { en: 'allow more: --timeout 10m', es: 'permita más: --timeout 10m' },
  }),
  CLI_NOT_INTERACTIVE: message<{ instance: string }>({
    en: (f) => `${f.instance} runs without Docker, so nothing can be typed into the command`,
    es: (f) => `${f.instance} se ejecuta sin Docker, así que no se puede escribir en el comando`,
  }),
  CLI_NOTHING_TO_START: message<{ project: string; service: string }>({
    en: (f) => `no release of ${f.project} says how many instances ${f.service} had`,
    es: (f) => `ninguna versión de ${f.project} dice cuántas instancias tenía ${f.service}`,
    hint: {
      en: (f) => `say it: timonel scale ${f.service}=1 -p ${f.project}`,
      es: (f) => `dígalo: timonel scale ${f.service}=1 -p ${f.project}`,
    },
  }),
};
