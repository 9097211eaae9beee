import { message } from './message.ts';

const partNames = {
  en: { containerPort: 'container port', hostPort: 'host port' },
  es: { containerPort: 'puerto del contenedor', hostPort: 'puerto del anfitrión' },
} as const;

const castKinds = {
  en: { int: 'a whole number', float: 'a number', boolean: 'true or false' },
  es: { int: 'un número entero', float: 'un número', boolean: 'true o false' },
} as const;

const durationProblems = {
  en: {
    malformed: 'is no duration',
    'no-unit': 'has a number without a unit',
    'unknown-unit': 'has an unknown unit',
    'too-long': 'is longer than 292 years',
  },
  es: {
    malformed: 'no es una duración',
    'no-unit': 'tiene un número sin unidad',
    'unknown-unit': 'tiene una unidad desconocida',
    'too-long': 'supera los 292 años',
  },
} as const;

const commandProblems = {
  en: {
    unbalanced: 'a quote, a backtick or a parenthesis is never closed',
    backslash: 'it ends with a lone backslash',
    parenthesis: 'a parenthesis stands outside quotes',
  },
  es: {
    unbalanced: 'una comilla, un acento grave o un paréntesis no se cierra',
    backslash: 'termina en una barra invertida suelta',
    parenthesis: 'hay un paréntesis fuera de comillas',
  },
} as const;

/** What the leaf parsers of the Compose loader say: interpolation, casts, .env files, ports, volumes, durations, commands. */
export const composeValueMessages = {
  COMPOSE_INTERPOLATION_FORMAT: message<{ fragment: string }>({
    en: (f) => `invalid interpolation format: ${f.fragment}`,
    es: (f) => `formato de interpolación no válido: ${f.fragment}`,
    hint: {
      en: `write \${NAME} or \${NAME:-default}; write $$ where a plain $ is meant`,
      es: `escriba \${NOMBRE} o \${NOMBRE:-valor}; escriba $$ donde quiera un $ literal`,
    },
  }),
  COMPOSE_INTERPOLATION_REQUIRED: message<{ name: string; reason: string }>({
    en: (f) => `required variable ${f.name} is missing a value${f.reason === '' ? '' : `: ${f.reason}`}`,
    es: (f) => `la variable obligatoria ${f.name} no tiene valor${f.reason === '' ? '' : `: ${f.reason}`}`,
    hint: {
      en: (f) => `add ${f.name}=… to the .env file, or export it`,
      es: (f) => `añada ${f.name}=… al archivo .env, o expórtela`,
    },
  }),
  COMPOSE_INTERPOLATION_DEPTH: message<{ limit: number }>({
    en: (f) => `defaults inside defaults go deeper than ${f.limit} levels`,
    es: (f) => `los valores por defecto anidados superan ${f.limit} niveles`,
    hint: { en: 'set the variable in .env instead', es: 'defina la variable en .env' },
  }),
  COMPOSE_INTERPOLATION_SIZE: message<{ limit: number }>({
    en: (f) => `with its variables filled in, the value is longer than ${f.limit} million characters`,
    es: (f) => `con sus variables, el valor supera los ${f.limit} millones de caracteres`,
    hint: { en: 'look for variables that name each other', es: 'busque variables que se nombran entre sí' },
  }),
  COMPOSE_CAST: message<{ value: string; demanded: 'int' | 'float' | 'boolean' }>({
    en: (f) => `"${f.value}" must be ${castKinds.en[f.demanded]}`,
    es: (f) => `"${f.value}" debe ser ${castKinds.es[f.demanded]}`,
    hint: {
      en: (f) =>
        f.value === '' ? `set the variable, or give it a default: \${NAME:-1}` : `write ${castKinds.en[f.demanded]}`,
      es: (f) =>
        f.value === ''
          ? `defina la variable, o déle un valor por defecto: \${NOMBRE:-1}`
          : `escriba ${castKinds.es[f.demanded]}`,
    },
  }),
  COMPOSE_DOTENV_KEY_CHARACTER: message<{ character: string; name: string }>({
    en: (f) => `unexpected character "${f.character}" in variable name "${f.name}"`,
    es: (f) => `carácter inesperado "${f.character}" en el nombre de variable "${f.name}"`,
    hint: {
      en: 'write NAME=VALUE, with letters, digits, _ . and - in the name; start a comment with #',
      es: 'escriba NOMBRE=VALOR, con letras, cifras, _ . y - en el nombre; empiece un comentario con #',
    },
  }),
  COMPOSE_DOTENV_KEY_SPACE: message<{ key: string }>({
    en: (f) => `the variable name "${f.key}" contains a space`,
    es: (f) => `el nombre de variable "${f.key}" contiene un espacio`,
    hint: { en: 'write NAME=VALUE; start a comment with #', es: 'escriba NOMBRE=VALOR; empiece un comentario con #' },
  }),
  COMPOSE_DOTENV_QUOTE: message<{ key: string; quote: string; guarded: boolean }>({
    en: (f) =>
      `the quoted value of ${f.key} is never closed${f.guarded ? `; a quote after a backslash, as in ${f.quote}value\\${f.quote}, does not close it` : ''}`,
    es: (f) =>
      `el valor entre comillas de ${f.key} no se cierra${f.guarded ? `; una comilla tras una barra invertida, como en ${f.quote}value\\${f.quote}, no lo cierra` : ''}`,
    hint: { en: (f) => `end the value with ${f.quote}`, es: (f) => `termine el valor con ${f.quote}` },
  }),
  COMPOSE_RAW_ENV_KEY: message<{ key: string }>({
    en: (f) => (f.key === '' ? 'no variable name before =' : `the variable name "${f.key}" contains white space`),
    es: (f) =>
      f.key === '' ? 'falta el nombre de variable antes de =' : `el nombre de variable "${f.key}" contiene espacios`,
    hint: { en: 'write NAME=VALUE on the line', es: 'escriba NOMBRE=VALOR en la línea' },
  }),
  COMPOSE_PORT_MISSING: message<{ spec: string }>({
    en: (f) => `the port "${f.spec}" names no container port`,
    es: (f) => `el puerto "${f.spec}" no indica el puerto del contenedor`,
    hint: { en: 'write "HOST:CONTAINER", as in "8080:80"', es: 'escriba "ANFITRIÓN:CONTENEDOR", como en "8080:80"' },
  }),
  COMPOSE_PORT_NUMBER: message<{ spec: string; part: 'containerPort' | 'hostPort'; text: string }>({
    en: (f) => `the port "${f.spec}" has an invalid ${partNames.en[f.part]}: ${f.text}`,
    es: (f) => `el puerto "${f.spec}" tiene un ${partNames.es[f.part]} no válido: ${f.text}`,
    hint: {
      en: 'write a number from 1 to 65535, or a range such as 8000-8010',
      es: 'escriba un número de 1 a 65535, o un rango como 8000-8010',
    },
  }),
  COMPOSE_PORT_RANGES: message<{ spec: string; container: string; host: string }>({
    en: (f) => `the port "${f.spec}" has ranges of different length: host ${f.host}, container ${f.container}`,
    es: (f) =>
      `el puerto "${f.spec}" tiene rangos de distinta longitud: anfitrión ${f.host}, contenedor ${f.container}`,
    hint: { en: 'write ranges of equal length', es: 'escriba rangos de igual longitud' },
  }),
  COMPOSE_PORT_PROTOCOL: message<{ spec: string; protocol: string }>({
    en: (f) => `the port "${f.spec}" has an unknown protocol: ${f.protocol}`,
    es: (f) => `el puerto "${f.spec}" tiene un protocolo desconocido: ${f.protocol}`,
    hint: { en: 'write /tcp, /udp or /sctp', es: 'escriba /tcp, /udp o /sctp' },
  }),
  COMPOSE_PORT_ADDRESS: message<{ spec: string; address: string }>({
    en: (f) => `the port "${f.spec}" has an invalid ip address: ${f.address}`,
    es: (f) => `el puerto "${f.spec}" tiene una dirección IP no válida: ${f.address}`,
    hint: {
      en: 'write a literal address, as in "127.0.0.1:8080:80" or "[::1]:8080:80"',
      es: 'escriba una dirección literal, como en "127.0.0.1:8080:80" o "[::1]:8080:80"',
    },
  }),
  COMPOSE_VOLUME_EMPTY: message({
    en: 'the volume is empty',
    es: 'el volumen está vacío',
    hint: { en: 'write "SOURCE:/path"', es: 'escriba "ORIGEN:/ruta"' },
  }),
  COMPOSE_VOLUME_SECTION: message<{ spec: string }>({
    en: (f) => `the volume "${f.spec}" has nothing between two colons`,
    es: (f) => `el volumen "${f.spec}" no tiene nada entre dos signos de dos puntos`,
    hint: { en: 'write "SOURCE:/path" or "SOURCE:/path:ro"', es: 'escriba "ORIGEN:/ruta" u "ORIGEN:/ruta:ro"' },
  }),
  COMPOSE_VOLUME_COLONS: message<{ spec: string }>({
    en: (f) => `the volume "${f.spec}" has too many colons`,
    es: (f) => `el volumen "${f.spec}" tiene demasiados signos de dos puntos`,
    hint: {
      en: 'write the long form (type, source, target) where a path has a colon in it',
      es: 'use la forma larga (type, source, target) si una ruta contiene dos puntos',
    },
  }),
  COMPOSE_DURATION: message<{ text: string; problem: keyof typeof durationProblems.en; unit?: string }>({
    en: (f) => `"${f.text}" ${durationProblems.en[f.problem]}${f.unit === undefined ? '' : `: ${f.unit}`}`,
    es: (f) => `"${f.text}" ${durationProblems.es[f.problem]}${f.unit === undefined ? '' : `: ${f.unit}`}`,
    hint: {
      en: 'write numbers with the units ms, s, m, h, d or w, as in 1m30s',
      es: 'escriba números con las unidades ms, s, m, h, d o w, como en 1m30s',
    },
  }),
  COMPOSE_BYTES: message<{ text: string }>({
    en: (f) => `"${f.text}" is no size`,
    es: (f) => `"${f.text}" no es un tamaño`,
    hint: {
      en: 'write a number of bytes, or one with the unit k, m or g, as in 512m',
      es: 'escriba un número de bytes, o uno con la unidad k, m o g, como en 512m',
    },
  }),
  COMPOSE_COMMAND_LINE: message<{ problem: keyof typeof commandProblems.en }>({
    en: (f) => `the command line cannot be split into words: ${commandProblems.en[f.problem]}`,
    es: (f) => `la línea de órdenes no se puede dividir en palabras: ${commandProblems.es[f.problem]}`,
    hint: {
      en: 'write a list instead: [sh, -c, "…"]',
      es: 'escriba una lista: [sh, -c, "…"]',
    },
  }),
};
