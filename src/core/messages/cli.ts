import { cliDeploymentMessages } from './cli-deployment.ts';
import { cliMachineMessages } from './cli-machine.ts';
import { message } from './message.ts';

/** What the command line says to its users. */
export const cliMessages = {
  ...cliDeploymentMessages,
  ...cliMachineMessages,
  CLI_INTERNAL: message<{ detail: string }>({
    en: (f) => `this should not happen (cli): ${f.detail}`,
    es: (f) => `esto no debería ocurrir (cli): ${f.detail}`,
    hint: {
      en: 'see where: TIMONEL_DEBUG=1 timonel ...',
      es: 'vea dónde: TIMONEL_DEBUG=1 timonel ...',
    },
  }),
  CLI_UNKNOWN_COMMAND: message<{ command: string; nearest: string | undefined }>({
    en: (f) => `there is no command ${f.command}`,
    es: (f) => `no existe el comando ${f.command}`,
    hint: {
      en: (f) => (f.nearest ? `did you mean: timonel ${f.nearest}` : 'see them all: timonel help'),
      es: (f) => (f.nearest ? `¿quiso decir: timonel ${f.nearest}?` : 'véalos todos: timonel help'),
    },
  }),
  CLI_UNKNOWN_FLAG: message<{ option: string; nearest: string | undefined; command: string }>({
    en: (f) => `${f.command} has no option ${f.option}`,
    es: (f) => `${f.command} no tiene la opción ${f.option}`,
    hint: {
      en: (f) => (f.nearest ? `did you mean ${f.nearest}?` : `see them: timonel ${f.command} --help`),
      es: (f) => (f.nearest ? `¿quiso decir ${f.nearest}?` : `véalas: timonel ${f.command} --help`),
    },
  }),
  CLI_FLAG_NEEDS_VALUE: message<{ option: string; value: string; command: string }>({
    en: (f) => `${f.option} needs a value: ${f.option} ${f.value}`,
    es: (f) => `a ${f.option} le falta el valor: ${f.option} ${f.value}`,
    hint: {
      en: (f) => `see how: timonel ${f.command} --help`,
      es: (f) => `vea cómo: timonel ${f.command} --help`,
    },
  }),
  CLI_FLAG_TAKES_NO_VALUE: message<{ option: string; command: string }>({
    en: (f) => `${f.option} takes no value`,
    es: (f) => `${f.option} no lleva valor`,
    hint: {
      en: (f) => `write it alone: timonel ${f.command} ${f.option}`,
      es: (f) => `escríbala sola: timonel ${f.command} ${f.option}`,
    },
  }),
  CLI_FLAG_CHOICE: message<{ option: string; value: string; choices: readonly string[]; command: string }>({
    en: (f) => `${f.option} ${f.value}: should be one of ${f.choices.join(', ')}`,
    es: (f) => `${f.option} ${f.value}: debe ser uno de ${f.choices.join(', ')}`,
    hint: {
      en: (f) => `see how: timonel ${f.command} --help`,
      es: (f) => `vea cómo: timonel ${f.command} --help`,
    },
  }),
  CLI_FLAG_DURATION: message<{ option: string; value: string }>({
    en: (f) => `${f.option} ${f.value}: should be a duration`,
    es: (f) => `${f.option} ${f.value}: debe ser una duración`,
    hint: {
      en: (f) => `for example: ${f.option} 90s, ${f.option} 5m, ${f.option} 1h30m`,
      es: (f) => `por ejemplo: ${f.option} 90s, ${f.option} 5m, ${f.option} 1h30m`,
    },
  }),
  CLI_FLAG_NUMBER: message<{ option: string; value: string; least: number }>({
    en: (f) => `${f.option} ${f.value}: should be a whole number from ${f.least} on`,
    es: (f) => `${f.option} ${f.value}: debe ser un número entero desde ${f.least}`,
    hint: { en: (f) => `for example: ${f.option} 100`, es: (f) => `por ejemplo: ${f.option} 100` },
  }),
  CLI_FLAG_SINCE: message<{ option: string; value: string }>({
    en: (f) => `${f.option} ${f.value}: should be a duration or a moment`,
    es: (f) => `${f.option} ${f.value}: debe ser una duración o un momento`,
    hint: {
      en: (f) => `for example: ${f.option} 10m, ${f.option} 2026-11-22T10:00:00`,
      es: (f) => `por ejemplo: ${f.option} 10m, ${f.option} 2026-11-22T10:00:00`,
    },
  }),
  CLI_ARGUMENTS: message<{ command: string; usage: string; given: string }>({
    en: (f) => `${f.command} ${f.given}: the arguments do not fit`,
    es: (f) => `${f.command} ${f.given}: los argumentos no corresponden`,
    hint: {
      en: (f) => `it is: timonel ${f.command} ${f.usage}`,
      es: (f) => `se escribe: timonel ${f.command} ${f.usage}`,
    },
  }),
  CLI_NO_SUCH_PLACE: message<{ path: string }>({
    en: (f) => `there is no file or folder ${f.path}`,
    es: (f) => `no existe el archivo o carpeta ${f.path}`,
    hint: {
      en: 'name the folder of a Compose file: timonel deploy DIR',
      es: 'indique la carpeta de un archivo Compose: timonel deploy DIR',
    },
  }),
  CLI_NOT_DEPLOYED: message<{ folder: string; known: readonly string[] }>({
    en: (f) => `nothing is deployed from ${f.folder}`,
    es: (f) => `no hay nada desplegado desde ${f.folder}`,
    hint: {
      en: (f) =>
        f.known.length > 0
          ? `deployed are: ${f.known.join(', ')}; choose with -p NAME`
          : 'deploy first: timonel deploy DIR',
      es: (f) =>
        f.known.length > 0
          ? `hay desplegados: ${f.known.join(', ')}; elija con -p NOMBRE`
          : 'despliegue primero: timonel deploy DIR',
    },
  }),
  CLI_WHICH_PROJECT: message<{ known: readonly string[] }>({
    en: (f) => `which project? There are ${f.known.join(', ')}`,
    es: (f) => `¿qué proyecto? Hay ${f.known.join(', ')}`,
    hint: {
      en: (f) => `choose one: -p ${f.known[0] ?? 'NAME'}`,
      es: (f) => `elija uno: -p ${f.known[0] ?? 'NOMBRE'}`,
    },
  }),
  CLI_INVALID: message<{ count: number }>({
    en: (f) => (f.count === 1 ? '1 error; nothing was touched' : `${f.count} errors; nothing was touched`),
    es: (f) => (f.count === 1 ? '1 error; no se tocó nada' : `${f.count} errores; no se tocó nada`),
    hint: {
      en: 'correct the places above, then run it again',
      es: 'corrija los lugares indicados y vuelva a ejecutarlo',
    },
  }),
  CLI_SCALE_FORM: message<{ given: string }>({
    en: (f) => `${f.given}: should be SERVICE=COUNT`,
    es: (f) => `${f.given}: debe ser SERVICIO=CANTIDAD`,
    hint: { en: 'for example: timonel scale web=3', es: 'por ejemplo: timonel scale web=3' },
  }),
  CLI_RELEASE_FORM: message<{ given: string }>({
    en: (f) => `${f.given} is no release number`,
    es: (f) => `${f.given} no es un número de versión`,
    hint: { en: 'see them: timonel releases', es: 'véalos: timonel releases' },
  }),
  CLI_OUTPUT_FILE: message<{ file: string; reason: string }>({
    en: (f) => `cannot write ${f.file}: ${f.reason}`,
    es: (f) => `no se puede escribir ${f.file}: ${f.reason}`,
    hint: { en: 'choose another: -o FILE', es: 'elija otro: -o ARCHIVO' },
  }),
};
