import type { Command } from '../command.ts';
import type { Pair } from '../pair.ts';

interface Entry {
  /** One line for the list of commands. */
  readonly summary: Pair;
  /** Loads the command's file; the others stay unread, which is what keeps `status` quick. */
  load(): Promise<Command>;
}

/** Every command, in the order of the help. */
export const commands = {
  deploy: {
    summary: { en: 'deploy the Compose file of a folder', es: 'despliega el archivo Compose de una carpeta' },
    load: async () => (await import('./deploy.ts')).deploy,
  },
  adopt: {
    summary: {
      en: 'take over what Docker Compose started',
      es: 'toma a su cargo lo que inició Docker Compose',
    },
    load: async () => (await import('./adopt.ts')).adopt,
  },
  plan: {
    summary: {
      en: 'show what a deployment would change, and why',
      es: 'muestra qué cambiaría un despliegue y por qué',
    },
    load: async () => (await import('./plan.ts')).plan,
  },
  status: {
    summary: { en: 'show what runs and whether it is healthy', es: 'muestra qué se ejecuta y si está sano' },
    load: async () => (await import('./status.ts')).status,
  },
  releases: {
    summary: { en: 'list the releases that can be gone back to', es: 'lista las versiones a las que se puede volver' },
    load: async () => (await import('./releases.ts')).releases,
  },
  rollback: {
    summary: { en: 'go back to the previous or a given release', es: 'vuelve a la versión anterior o a la indicada' },
    load: async () => (await import('./rollback.ts')).rollback,
  },
  switchover: {
    summary: {
      en: 'change between the new release and the one kept warm',
      es: 'cambia entre la versión nueva y la que se mantiene lista',
    },
    load: async () => (await import('./switchover.ts')).switchover,
  },
  scale: {
    summary: { en: 'change how many instances services have', es: 'cambia cuántas instancias tienen los servicios' },
    load: async () => (await import('./scale.ts')).scale,
  },
  restart: {
    summary: { en: 'replace instances by fresh ones', es: 'reemplaza las instancias por otras nuevas' },
    load: async () => (await import('./restart.ts')).restart,
  },
  cancel: {
    summary: { en: 'stop the running deployment and undo it', es: 'detiene el despliegue en marcha y lo deshace' },
    load: async () => (await import('./cancel.ts')).cancel,
  },
  promote: {
    summary: { en: 'give a canary its next share of the requests', es: 'da a un canario su siguiente parte' },
    load: async () => (await import('./promote.ts')).promote,
  },
  abort: {
    summary: { en: 'end a canary; the old release stays', es: 'termina un canario; queda la versión anterior' },
    load: async () => (await import('./abort.ts')).abort,
  },
  pause: {
    summary: {
      en: 'let requests to services wait, or stop the clock of a canary',
      es: 'hace esperar las peticiones a servicios, o detiene el reloj de un canario',
    },
    load: async () => (await import('./pause.ts')).pause,
  },
  resume: {
    summary: {
      en: 'let waiting requests, or a canary, go on',
      es: 'deja seguir las peticiones en espera, o un canario',
    },
    load: async () => (await import('./resume.ts')).resume,
  },
  logs: {
    summary: { en: 'show what instances write', es: 'muestra lo que escriben las instancias' },
    load: async () => (await import('./logs.ts')).logs,
  },
  events: {
    summary: { en: 'show what happened to a project', es: 'muestra lo que le pasó a un proyecto' },
    load: async () => (await import('./events.ts')).events,
  },
  ps: {
    summary: { en: 'list the instances', es: 'lista las instancias' },
    load: async () => (await import('./ps.ts')).ps,
  },
  exec: {
    summary: {
      en: 'run a command inside a serving instance',
      es: 'ejecuta un comando dentro de una instancia que sirve',
    },
    load: async () => (await import('./exec.ts')).exec,
  },
  run: {
    summary: {
      en: 'run a command once, beside what serves',
      es: 'ejecuta un comando una vez, al lado de lo que sirve',
    },
    load: async () => (await import('./run.ts')).run,
  },
  top: {
    summary: { en: 'show the processes of the instances', es: 'muestra los procesos de las instancias' },
    load: async () => (await import('./top.ts')).top,
  },
  pull: {
    summary: { en: 'fetch images before a deployment', es: 'descarga imágenes antes de un despliegue' },
    load: async () => (await import('./pull.ts')).pull,
  },
  build: {
    summary: { en: 'build before a deployment', es: 'construye antes de un despliegue' },
    load: async () => (await import('./build.ts')).build,
  },
  stop: {
    summary: {
      en: 'stop services or a project; data stays',
      es: 'detiene servicios o un proyecto; los datos se conservan',
    },
    load: async () => (await import('./stop.ts')).stop,
  },
  start: {
    summary: { en: 'bring back what was stopped', es: 'vuelve a levantar lo que se detuvo' },
    load: async () => (await import('./start.ts')).start,
  },
  volume: {
    summary: { en: 'list volumes, or delete one with its data', es: 'lista los volúmenes, o borra uno con sus datos' },
    load: async () => (await import('./volume.ts')).volume,
  },
  down: {
    summary: { en: 'stop a project; its volumes stay', es: 'detiene un proyecto; sus volúmenes se conservan' },
    load: async () => (await import('./down.ts')).down,
  },
  config: {
    summary: { en: 'check and print the resolved Compose model', es: 'revisa e imprime el modelo Compose resuelto' },
    load: async () => (await import('./config.ts')).config,
  },
  import: {
    summary: {
      en: 'turn an nginx file into routes of x-timonel',
      es: 'convierte un archivo de nginx en rutas de x-timonel',
    },
    load: async () => (await import('./import.ts')).importCommand,
  },
  certificates: {
    summary: { en: 'list the certificates of the edge', es: 'lista los certificados de la entrada' },
    load: async () => (await import('./certificates.ts')).certificates,
  },
  daemon: {
    summary: {
      en: 'start, stop, look at or install the daemon',
      es: 'arranca, detiene, muestra o instala el servicio timonel',
    },
    load: async () => (await import('./daemon.ts')).daemon,
  },
  help: {
    summary: { en: 'show the help of a command', es: 'muestra la ayuda de un comando' },
    load: async () => (await import('./help.ts')).help,
  },
  version: {
    summary: { en: 'show the version', es: 'muestra la versión' },
    load: async () => (await import('./version.ts')).version,
  },
} as const satisfies Readonly<Record<string, Entry>>;

export type CommandName = keyof typeof commands;

/** Words that people type by habit. */
export const aliases: Readonly<Record<string, CommandName>> = { up: 'deploy', ls: 'status', history: 'releases' };

export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(commands, name);
}
